// Which of the shown elements a visitor has had in view: half of it, or half of the window where it is larger, for a second.

import { safely } from "./say.ts";

const RATIO = 0.5;
const VIEW_MS = 1_000;
/** A large element never shows half of itself, so the steps on the way there are needed too. */
const THRESHOLDS = Array.from({ length: 11 }, (_, step) => (step * RATIO) / 10);

/** `T` is what an element shows. */
export class Impressions<T> {
  readonly #document: Document;
  readonly #seen: (shown: T) => void;
  readonly #observer: IntersectionObserver;
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>();
  #shown: ReadonlyMap<Element, readonly T[]> = new Map();

  constructor(document: Document, seen: (shown: T) => void) {
    this.#document = document;
    this.#seen = seen;
    this.#observer = new IntersectionObserver((entries) => safely("a sight was lost", () => this.#read(entries)), { __proto__: null, threshold: THRESHOLDS } as IntersectionObserverInit);
    document.addEventListener("visibilitychange", this.#visibility);
  }

  /** From now on these are watched. What shows the very same things as before is not begun anew. */
  watch(shown: ReadonlyMap<Element, readonly T[]>): void {
    const before = this.#shown;
    this.#shown = shown;
    for (const [element, things] of before) if (!isSame(things, shown.get(element))) this.#stop(element);
    for (const [element, things] of shown) if (!isSame(things, before.get(element))) this.#observer.observe(element);
  }

  /** What the first of these elements that shows anything shows. */
  at(path: readonly EventTarget[]): readonly T[] {
    for (const target of path) {
      const things = target instanceof Element ? this.#shown.get(target) : undefined;
      if (things !== undefined) return things;
    }
    return [];
  }

  end(): void {
    this.watch(new Map());
    this.#observer.disconnect();
    this.#document.removeEventListener("visibilitychange", this.#visibility);
  }

  #read(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const window = rootBounds === null ? Number.POSITIVE_INFINITY : rootBounds.width * rootBounds.height;
      const area = intersectionRect.width * intersectionRect.height;
      const isInView = isIntersecting && (intersectionRatio >= RATIO || area >= window * RATIO);
      if (!isInView) this.#cancel(target);
      else if (!this.#timers.has(target)) this.#timers.set(target, setTimeout(() => safely("a sight was lost", () => this.#done(target)), VIEW_MS));
    }
  }

  #done(element: Element): void {
    this.#stop(element);
    for (const thing of this.#shown.get(element) ?? []) this.#seen(thing);
  }

  #cancel(element: Element): void {
    clearTimeout(this.#timers.get(element));
    this.#timers.delete(element);
  }

  #stop(element: Element): void {
    this.#cancel(element);
    this.#observer.unobserve(element);
  }

  /** Timers run on in a page that nobody sees. */
  readonly #visibility = (): void =>
    safely("a sight was lost", () => {
      for (const element of [...this.#timers.keys()]) {
        this.#stop(element);
        // Asked anew, the observer tells when the page is painted again.
        this.#observer.observe(element);
      }
    });
}

function isSame(one: readonly unknown[], other: readonly unknown[] | undefined): boolean {
  return other !== undefined && one.length === other.length && one.every((thing, at) => thing === other[at]);
}
