// DOM without surprises: text is always text, never markup, and nothing is written that stands there already.

/** An element with a class and children; a string becomes text. */
export function element(tag, name = "", ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Write a text, unless it stands there already: screen readers and the layout hear of changes only. */
export function write(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

/** Show or hide. */
export function show(what, visible) {
  if (what.hidden === visible) what.hidden = !visible;
}

/**
 * Make the children of a list those of `items`, in their order. A child stays as long as its key does,
 * so that what is open or focused remains so.
 */
export function keep(list, items, key, make, update) {
  const wanted = new Set(items.map(key));
  for (const child of [...list.children]) if (!wanted.has(child.dataset.key)) child.remove();
  const present = new Map([...list.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const name = key(item);
    const child = present.get(name) ?? make(item);
    present.delete(name); // of two items with one key each has a child of its own
    child.dataset.key = name;
    update?.(child, item);
    if (list.children[index] !== child) list.insertBefore(child, list.children[index] ?? null);
  });
  while (list.children.length > items.length) list.lastElementChild.remove();
}
