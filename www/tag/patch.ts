// One element as a slot changed it: what was there, what stands there now, and the way back.
//
// A framework may hold on to nodes that it made. So a text goes into the text node that is there, nodes that are taken out
// are kept and put back themselves, and what the page has changed in the meantime is left to it.

import type { AppliedChange } from "../src/types.ts";
import { setAttribute } from "./attribute.ts";
import { HIDDEN, hide } from "./hide.ts";
import { buildHtml } from "./html.ts";

export class Patch {
  readonly element: Element;
  readonly #made: WeakSet<Node>;
  /** Attributes that were changed: what they are now and what they were, `null` for none. */
  readonly #attributes = new Map<string, { now: string | null; before: string | null }>();
  /** Class names, and whether they were added or removed. */
  readonly #classes = new Map<string, boolean>();
  #content: Content | undefined;
  /** Before the element and behind it. */
  #beside: Ours[] = [];
  #failed: (() => void) | undefined;

  /** Nodes that it makes go into `made`. */
  constructor(element: Element, made: WeakSet<Node>) {
    this.element = element;
    this.#made = made;
  }

  /** Does one change. Throws when the value is not safe to show; the caller then takes it all back. */
  change(change: AppliedChange): void {
    switch (change.kind) {
      case "text":
        return this.#show(change.value);
      case "html":
        return this.show(this.#build(change.value));
      case "attribute":
        // A picture stays until the next one has loaded; in Chromium only if its style is known when that is asked for.
        if (change.name === "src") this.element.checkVisibility?.();
        return this.#set(change.name, () => setAttribute(this.element, change.name, change.value));
      case "class":
        this.#classes.set(change.name, change.value);
        return this.#set("class", () => this.element.classList.toggle(change.name, change.value));
      case "visible":
        return this.#set(HIDDEN, () => (change.value ? this.element.removeAttribute(HIDDEN) : hide(this.element)));
      case "before":
      case "after": {
        const nodes = this.#build(change.value);
        this.#beside.push(...nodes.map(ours));
        return this.element[change.kind](...nodes);
      }
      default:
        throw new Error("a change of an unknown kind");
    }
  }

  /** Calls back when the picture that was set cannot be loaded; no longer when it is undone. */
  onError(failed: () => void): void {
    this.#failed = failed;
    this.element.addEventListener("error", failed);
  }

  /** Puts nodes in the place of the element's own. */
  show(nodes: ChildNode[]): void {
    this.#content?.undo(this.element);
    this.#content = new Nodes(this.element, nodes);
  }

  #build(html: string): ChildNode[] {
    const nodes = [...buildHtml(this.element.ownerDocument, html).childNodes];
    for (const node of nodes) this.#made.add(node);
    return nodes;
  }

  #set(name: string, write: () => void): void {
    const known = this.#attributes.get(name);
    const before = known === undefined ? this.element.getAttribute(name) : known.before;
    write();
    this.#attributes.set(name, { now: this.element.getAttribute(name), before });
  }

  #show(text: string): void {
    this.#content?.undo(this.element);
    const [node, ...more] = this.element.childNodes;
    const isText = node instanceof Text && more.length === 0;
    this.#content = isText ? new Words(node, text) : new Nodes(this.element, [this.element.ownerDocument.createTextNode(text)]);
  }

  /** Whether the page has left alone what was changed. Other classes are its own to add and remove. */
  isIntact(): boolean {
    const { element } = this;
    return (
      this.#content?.isIntact(element) !== false &&
      this.#beside.every(([node]) => node.parentNode === element.parentNode) &&
      [...this.#classes].every(([name, isThere]) => element.classList.contains(name) === isThere) &&
      [...this.#attributes].every(([name, { now }]) => name === "class" || element.getAttribute(name) === now)
    );
  }

  undo(): void {
    if (this.#failed !== undefined) this.element.removeEventListener("error", this.#failed);
    this.#content?.undo(this.element);
    for (const one of this.#beside) if (!isTaken(one)) one[0].remove();
    for (const [name, { now, before }] of this.#attributes) {
      const found = this.element.getAttribute(name);
      if (found !== now) {
        if (name === "class") undoClasses(this.element, now ?? "", before ?? "");
      } else if (before === null) {
        this.element.removeAttribute(name);
      } else if (before !== now) {
        this.element.setAttribute(name, before);
      }
    }
    this.#attributes.clear();
    this.#classes.clear();
    this.#beside = [];
    this.#content = undefined;
  }
}

/** A node, and what tells whether it still is what it was: its text if it is one, else what is first in it. */
type Ours = readonly [node: ChildNode, sign: string | Node | null];

function ours(node: ChildNode): Ours {
  return [node, node instanceof Text ? node.data : node.firstChild];
}

/** A framework that hydrates takes nodes that it finds for its own, by writing its own text into them. */
function isTaken([node, sign]: Ours): boolean {
  return node instanceof Text ? node.data !== sign : sign instanceof Node && !node.contains(sign);
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
  readonly #now: Ours[];

  constructor(element: Element, nodes: ChildNode[]) {
    this.#before = [...element.childNodes];
    this.#now = nodes.map(ours);
    element.replaceChildren(...nodes);
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
    return this.#now.filter((one) => one[0].parentNode === element && !isTaken(one)).map(([node]) => node);
  }
}

/** The page has added or removed classes since: only what was ours goes. */
function undoClasses({ classList }: Element, now: string, before: string): void {
  const [ours, theirs] = [now, before].map((value) => value.split(/\s+/).filter((name) => name !== "")) as [string[], string[]];
  const added = ours.filter((name) => !theirs.includes(name));
  // Where ours are gone, the page has written its classes anew, and knows which it wants.
  if (added.every((name) => classList.contains(name))) classList.add(...theirs.filter((name) => !ours.includes(name)));
  classList.remove(...added);
}
