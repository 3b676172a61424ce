// What somebody else's page could try with the address of ours; document.title tells what came of it.

const own = new URLSearchParams(location.search).get("of");
const told = {};

function tell(what, how) {
  told[what] = how;
  document.title = JSON.stringify(told);
}

async function ask(what, path, options = {}) {
  try {
    const response = await fetch(own + path, options);
    tell(what, (await response.text()) ? "read" : response.type);
  } catch {
    tell(what, "refused");
  }
}

function load(tag) {
  const made = document.createElement(tag);
  made.onload = () => tell(tag, "loaded");
  made.onerror = () => tell(tag, "refused");
  document.body.append(made);
  return made;
}

const post = { method: "POST", body: JSON.stringify({ do: "enable", value: false }) };
await ask("page", "");
await ask("blind page", "", { mode: "no-cors" });
await ask("script as text", "page.js");
await ask("post", "do", { ...post, headers: { "Content-Type": "application/json" } });
await ask("blind post", "do", { ...post, mode: "no-cors", credentials: "include" });
load("img").src = `${own}video`;
load("script").src = `${own}page.js`;
load("iframe").src = own;
const socket = new WebSocket(`${own.replace("http", "ws")}live`);
socket.onmessage = () => tell("socket", "heard");
socket.onerror = () => tell("socket", "refused");
