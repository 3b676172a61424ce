// The contrast of every text that is seen with the ground on which it stands, after WCAG 2.
() => {
  const parts = (text) => text.match(/[\d.]+/g).map(Number);
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);

  function ground(element) {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const { data, parentElement: at } = texts.currentNode;
    const seen = at.checkVisibility({ visibilityProperty: true }) && !at.closest(".unseen, .skip");
    if (!data.trim() || !seen) continue;
    const [low, high] = [getComputedStyle(at).color, null]
      .map((colour) => light(colour ? parts(colour) : ground(at)))
      .sort((a, b) => a - b);
    found.push([(high + 0.05) / (low + 0.05), data.trim()]);
  }
  return found;
}
