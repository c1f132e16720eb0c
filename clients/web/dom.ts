/**
 * The two things a page needs of the DOM: making elements and bringing the page
 * to what a view made, changing only what differs.
 *
 * Views are pure: they make a fresh tree each time and keep no listener, so
 * focus, scroll and running animations stay where the tree did not change.
 * Styles go through the CSSOM, which a strict Content-Security-Policy permits.
 */

export type Child = Node | string | number | null | false | undefined;
export type Attributes = Record<string, string | number | boolean | null | undefined>;

const SVG = "http://www.w3.org/2000/svg";

/** `key` keeps an element the same one while others come and go around it; `--x` sets a custom property. */
export function element(
  tag: string,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

export function drawing(
  tag: string,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElement {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill<E extends HTMLElement | SVGElement>(
  node: E,
  attributes: Attributes,
  children: Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("--")) node.style.setProperty(name, String(value));
    else node.setAttribute(name === "key" ? "data-key" : name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.append(typeof child === "number" ? String(child) : child);
  }
  return node;
}

/** Makes `parent` hold what `wanted` shows, keeping every node that can stay. */
export function morph(parent: Element, wanted: readonly Node[]): void {
  const wantedKeys = new Set(wanted.map(keyOf));
  const kept = new Map<string, Element>();
  for (const child of [...parent.children]) {
    const key = keyOf(child);
    if (key === null) continue;
    if (wantedKeys.has(key)) kept.set(key, child);
    else child.remove();
  }
  let cursor = parent.firstChild;
  for (const next of wanted) {
    const key = keyOf(next);
    const same = key === null ? (cursor && isAlike(cursor, next) ? cursor : null) : kept.get(key);
    if (!same || same.nodeName !== next.nodeName) parent.insertBefore(next, cursor);
    else {
      if (same === cursor) cursor = cursor.nextSibling;
      else parent.insertBefore(same, cursor);
      update(same, next);
    }
  }
  while (cursor) {
    const rest: ChildNode | null = cursor.nextSibling;
    cursor.remove();
    cursor = rest;
  }
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}

function isAlike(node: Node, next: Node): boolean {
  return node.nodeName === next.nodeName && keyOf(node) === null;
}

function update(node: Node, next: Node): void {
  if (!(node instanceof Element) || !(next instanceof Element)) {
    if (node.nodeValue !== next.nodeValue) node.nodeValue = next.nodeValue;
    return;
  }
  for (const { name } of [...node.attributes]) {
    if (name !== "style" && !next.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (name !== "style" && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  const [style, nextStyle] = [(node as HTMLElement).style, (next as HTMLElement).style];
  if (style.cssText !== nextStyle.cssText) style.cssText = nextStyle.cssText;
  morph(node, [...next.childNodes]);
  setField(node);
}

/** What a field shows is its property once somebody has touched it; the view's word holds. */
function setField(node: Element): void {
  const value = node instanceof HTMLInputElement
    ? node.getAttribute("value")
    : node instanceof HTMLSelectElement
    ? node.dataset["value"]
    : null;
  const field = node as HTMLInputElement | HTMLSelectElement;
  if (typeof value === "string" && field.value !== value) field.value = value;
}
