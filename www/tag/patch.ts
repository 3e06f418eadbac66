// One element as a slot changed it: what was there, what stands there now, and the way back.
//
// A framework may hold on to nodes that it made. So a text goes into the text node that is there, nodes that are taken out
// are kept and put back themselves, and what the page has changed in the meantime is left to it.

import type { AppliedChange } from "../src/types.ts";
import { setAttribute } from "./attribute.ts";
import { buildHtml } from "./html.ts";

export class Patch {
  readonly element: Element;
  /** Attributes that were set: what they are now and what they were, `null` for none. */
  readonly #attributes = new Map<string, { now: string; before: string | null }>();
  #content: Content | undefined;

  constructor(element: Element) {
    this.element = element;
  }

  /** Does one change. Throws when the value is not safe to show; the caller then takes it all back. */
  change(change: AppliedChange): void {
    switch (change.kind) {
      case "text":
        return this.#show(change.value);
      case "html":
        return this.show([...buildHtml(this.element.ownerDocument, change.value).childNodes]);
      case "attribute": {
        const before = this.#attributes.get(change.name)?.before ?? this.element.getAttribute(change.name);
        setAttribute(this.element, change.name, change.value);
        this.#attributes.set(change.name, { now: change.value, before });
        return;
      }
      default:
        throw new Error("a change of an unknown kind");
    }
  }

  /** Puts nodes in the place of the element's own. */
  show(nodes: ChildNode[]): void {
    this.#content?.undo(this.element);
    this.#content = new Nodes(this.element, nodes);
  }

  #show(text: string): void {
    this.#content?.undo(this.element);
    const [node, ...more] = this.element.childNodes;
    const isText = node instanceof Text && more.length === 0;
    this.#content = isText ? new Words(node, text) : new Nodes(this.element, [this.element.ownerDocument.createTextNode(text)]);
  }

  /** Whether the page has left alone what was changed. A class is the page's to add to. */
  isIntact(): boolean {
    if (this.#content?.isIntact(this.element) === false) return false;
    return [...this.#attributes].every(([name, { now }]) => name === "class" || this.element.getAttribute(name) === now);
  }

  undo(): void {
    this.#content?.undo(this.element);
    for (const [name, { now, before }] of this.#attributes) {
      const found = this.element.getAttribute(name);
      if (found !== now) {
        if (name === "class") undoClasses(this.element, now, before ?? "");
      } else if (before === null) {
        this.element.removeAttribute(name);
      } else if (before !== now) {
        this.element.setAttribute(name, before);
      }
    }
    this.#attributes.clear();
    this.#content = undefined;
  }
}

interface Content {
  isIntact(element: Element): boolean;
  undo(element: Element): void;
}

/** A text in the text node that the page made. */
class Words implements Content {
  readonly #node: Text;
  readonly #before: string;
  readonly #now: string;

  constructor(node: Text, text: string) {
    this.#node = node;
    this.#before = node.data;
    this.#now = text;
    node.data = text;
  }

  isIntact(element: Element): boolean {
    return this.#node.parentNode === element && this.#node.data === this.#now;
  }

  undo(): void {
    if (this.#node.data === this.#now) this.#node.data = this.#before;
  }
}

/** Nodes of ours in the place of the page's. */
class Nodes implements Content {
  readonly #before: ChildNode[];
  /** Each with its text, if it is one: a framework that hydrates takes a text node over by writing its own into it. */
  readonly #now: (readonly [node: ChildNode, text: string | null])[];

  constructor(element: Element, nodes: ChildNode[]) {
    this.#before = [...element.childNodes];
    this.#now = nodes.map((node) => [node, node instanceof Text ? node.data : null]);
    const { scrollTop, scrollLeft } = element;
    element.replaceChildren(...nodes);
    if (scrollTop !== 0 || scrollLeft !== 0) Object.assign(element, { scrollTop, scrollLeft });
  }

  isIntact(element: Element): boolean {
    return this.#now.length === 0 ? !element.hasChildNodes() : this.#ours(element).length > 0;
  }

  /** The page's nodes where ours are; what the page has added stays. */
  undo(element: Element): void {
    const ours = this.#ours(element);
    const [first] = ours;
    if (first !== undefined) first.before(...this.#before);
    else if (this.isIntact(element)) element.append(...this.#before);
    // Not `remove`: old libraries have one of their own.
    for (const node of ours) element.removeChild(node);
  }

  #ours(element: Element): ChildNode[] {
    return this.#now.flatMap(([node, text]) => (node.parentNode === element && (!(node instanceof Text) || node.data === text) ? [node] : []));
  }
}

/** The page has added or removed classes since: only what was ours goes. */
function undoClasses(element: Element, now: string, before: string): void {
  const [ours, theirs] = [now, before].map((value) => value.split(/\s+/).filter((name) => name !== ""));
  element.classList.remove(...(ours ?? []).filter((name) => !theirs?.includes(name)));
  element.classList.add(...(theirs ?? []).filter((name) => !ours?.includes(name)));
}
