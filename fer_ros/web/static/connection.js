// The stream of states, and what to do when it ends: try again, ever more slowly.

const FIRST_WAIT_S = 0.5;
const LONGEST_WAIT_S = 8;
const SILENCE_MS = 5000; // states come several times a second; a longer silence is a dead connection

/** Calls `onMessage(message)`, and `onChange(state, attempts, waitS)`: connecting, live or lost. */
export class Connection {
  #socket = null;
  #attempts = 0;
  #retry = 0;
  #watch = 0;

  constructor(onMessage, onChange) {
    this.onMessage = onMessage;
    this.onChange = onChange;
  }

  /** Connect, and stay connected. */
  start() {
    addEventListener("online", () => this.retry());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.retry());
    this.#open();
  }

  get live() {
    return this.#socket?.readyState === WebSocket.OPEN && this.#attempts === 0;
  }

  /** Try at once, unless it is connected. */
  retry() {
    if (!this.live) this.#open();
  }

  #open() {
    this.#close();
    this.onChange(this.#attempts ? "lost" : "connecting", this.#attempts, 0);
    const address = new URL("live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.onmessage = (event) => this.#heard(JSON.parse(event.data));
    socket.onclose = () => this.#lost();
    this.#expect();
  }

  #heard(message) {
    this.#expect();
    if (this.#attempts || message.type === "hello") {
      this.#attempts = 0;
      this.onChange("live", 0, 0);
    }
    this.onMessage(message);
  }

  #expect() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost() {
    this.#close();
    const wait = Math.min(FIRST_WAIT_S * 2 ** this.#attempts, LONGEST_WAIT_S) * (0.75 + Math.random() / 2);
    this.#attempts += 1;
    this.onChange("lost", this.#attempts, wait);
    this.#retry = setTimeout(() => this.#open(), 1000 * wait);
  }

  #close() {
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    if (!this.#socket) return;
    this.#socket.onclose = null;
    this.#socket.onmessage = null;
    this.#socket.close();
    this.#socket = null;
  }
}
