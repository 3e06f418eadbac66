// Keeps a page as it was decided: elements that come late, that a framework makes anew, or whose text it sets again. All in the
// observer's microtask, which is before the browser paints.

import type { Page } from "./apply.ts";
import { END } from "./edge.ts";
import { onNamedSlot, type Root } from "./roots.ts";
import { safely } from "./say.ts";
import { sheetOf } from "./sheet.ts";

/**
 * Ends the animation by which a page may hide its slots for the first moments, see docs/tag.md: of the keyframes of one name the last count, for
 * animations that run and for those to come. To ask for what runs would make the browser lay the page out. Without a single frame Chromium 156
 * leaves an element hidden for ever that the page takes away and puts back.
 */
const reveal = sheetOf("@keyframes np-slot { to {} }");

export class Watch {
  readonly #page: Page;
  readonly #document: Document;
  readonly #wait: number;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  readonly #observer = new MutationObserver((records) => this.#safely(() => this.#read(records)));
  readonly #roots = new WeakSet<Root>();
  readonly #awaited = new Set<string>();
  readonly #ends: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #selector = "";

  /** `changed` is called when something was looked at again; `failed` when the page has broken what that needs. */
  constructor(page: Page, document: Document, wait: number, changed: () => void, failed: (error: unknown) => void) {
    this.#page = page;
    this.#document = document;
    this.#wait = wait;
    this.#changed = changed;
    this.#failed = failed;
    this.#ends = onNamedSlot(() => this.#again());
  }

  /** A new decision: from now on slots may come for a while. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#safely(() => this.#close()), this.#wait);
    this.show();
  }

  show(): void {
    const { roots, isWaiting } = this.#page.show();
    if (isWaiting) this.#whenFree();
    this.#observe(roots);
    this.#changed();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    this.#ends();
    for (const type of ["focusout", "selectionchange"]) this.#document.removeEventListener(type, this.#free);
  }

  #again(): void {
    this.#safely(() => this.show());
  }

  /** What the browser calls must not throw. */
  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }

  #read(records: MutationRecord[]): void {
    if (records.some((record) => this.#concerns(record))) this.show();
  }

  /** Cheap, because busy pages change all the time. */
  #concerns({ type, target, addedNodes, removedNodes }: MutationRecord): boolean {
    const owner = target instanceof Element || target instanceof ShadowRoot ? target : target.parentElement;
    if (type !== "childList" || removedNodes.length > 0) {
      for (const place of this.#page.places) {
        for (const element of place.elements) if (element === owner || !element.isConnected) return true;
        for (const node of removedNodes) if (place.hasMade(node)) return true;
      }
    }
    for (const node of addedNodes) if (node instanceof Comment && node.data === END) return true;
    if (this.#selector === "") return false;
    for (const node of addedNodes) {
      if (!(node instanceof Element)) continue;
      if (node.shadowRoot !== null || node.matches(this.#selector) || node.querySelector(`${this.#selector}, :not(:defined)`) !== null) return true;
      for (const inner of node.querySelectorAll("*")) if (inner.shadowRoot !== null) return true;
    }
    return false;
  }

  #close(): void {
    for (const place of this.#page.places) place.close();
    this.#look();
  }

  /** One selector for all that may still come. */
  #look(): void {
    const selectors = this.#page.places.filter(({ isOver }) => !isOver).map(({ selector }) => selector);
    this.#selector = selectors.length === 0 ? "" : `:is(${selectors.join(", ")})`;
  }

  #observe(roots: Root[]): void {
    this.#look();
    for (const root of roots) {
      if (this.#roots.has(root)) continue;
      this.#roots.add(root);
      safely("what the page hides ends by itself", () => reveal(root));
      const attributeFilter = ["class", "href", "src", "srcset", "alt", "title", "hidden"];
      this.#observer.observe(root, { childList: true, subtree: true, characterData: true, attributeFilter });
      for (const { localName } of root.querySelectorAll(":not(:defined)")) this.#await(localName);
    }
    // What we have just done ourselves is no news.
    this.#observer.takeRecords();
  }

  /** An element that is defined later makes its shadow root then, and no observer hears of it. */
  #await(name: string): void {
    if (this.#awaited.has(name)) return;
    this.#awaited.add(name);
    customElements.whenDefined(name).then(() => this.#again(), () => undefined);
  }

  #whenFree(): void {
    for (const type of ["focusout", "selectionchange"]) this.#document.addEventListener(type, this.#free, { once: true });
  }

  /** After the event: while it is dispatched the focus is nowhere. */
  readonly #free = async (): Promise<void> => {
    await undefined;
    this.#again();
  };
}
