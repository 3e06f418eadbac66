// Makes elements. Everything from outside enters as text; there is no way to put markup in.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

/** `element("p", { class: "note", hidden: false }, "text", child)`: `true` sets an empty attribute, `null` and `false` none. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) made.append(child);
  return made;
}

/** The element of the page with this id; the page and the program are built together, so a miss is a mistake of ours. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the studio page lacks #${id}`);
  return found as T;
}

/** A sentence in which `words in backticks` are code, as reasons are written. */
export function prose(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  text.split("`").forEach((part, index) => {
    if (part !== "") fragment.append(index % 2 === 1 ? element("code", {}, part) : part);
  });
  return fragment;
}

/** First letter upper-case: our messages begin lower-case, a sentence on screen does not. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
