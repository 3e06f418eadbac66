// Where the elements of a slot are: in the document and in open shadow roots, by its selector; and wherever an `<np-slot name>` of
// its name has been put, in closed shadow roots too, because such an element tells of itself.

import { EDGE } from "./edge.ts";

/** Elements in which text, a `src` or a child could execute or load a document. */
const REFUSED = "script, style, iframe, frame, object, embed, link, base, meta, template, noscript, html, head, body, svg, svg *, math, math *";

const named = new Set<HTMLElement>();
const listeners = new Set<() => void>();

/** Calls `found` whenever an `<np-slot>` has come into the page, before it is painted. Gives the way to end this. */
export function onNamedSlot(found: () => void): () => void {
  listeners.add(found);
  if (customElements.get("np-slot") === undefined) {
    customElements.define(
      "np-slot",
      class extends HTMLElement {
        connectedCallback(): void {
          named.add(this);
          for (const listener of listeners) listener();
        }
        disconnectedCallback(): void {
          named.delete(this);
        }
      },
    );
  }
  return () => listeners.delete(found);
}

export type Root = Document | ShadowRoot;

/** The document and the open shadow roots in it, in their order. */
export function rootsOf(root: Root): Root[] {
  const inside = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : rootsOf(shadowRoot)));
  return [root, ...inside];
}

/** The elements of a slot. Throws when the selector is none, or hits what must not be changed. */
export function find(roots: Root[], name: string, selector: string): Element[] {
  const elements = new Set<Element>();
  for (const root of roots) {
    for (const element of root.querySelectorAll(selector)) elements.add(element);
    for (const element of root.querySelectorAll("np-slot")) if (element.getAttribute("name") === name) elements.add(element);
  }
  for (const element of named) if (element.getAttribute("name") === name) elements.add(element);
  // What the edge has changed comes when it can be put back.
  for (const element of elements) if (element.hasAttribute(EDGE)) elements.delete(element);
  for (const element of elements) if (element.matches(REFUSED)) throw new Error(`the selector matches <${element.localName}>`);
  return [...elements];
}
