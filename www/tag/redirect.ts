// Sends the visitor to another page, where a decision says so. A page that goes round in circles is worse than any content, so this
// is done once a page view, as it begins, once a visit to each page, and only where that can be remembered.

import type { Decision } from "../src/types.ts";
import type { Person } from "./person.ts";
import { checkUrl } from "./url.ts";

/** Pages that one visit is sent to, at most. */
const PAGES_MAX = 8;

export class Redirect {
  readonly #window: Window & typeof globalThis;
  readonly #person: Person;
  #isGone = false;
  /** Why the visitor stays. */
  problem: string | null = null;

  constructor(window: Window & typeof globalThis, person: Person) {
    this.#window = window;
    this.#person = person;
  }

  /** Goes where the decision in force says, if it does. A page that is prerendered waits until it is looked at. Never throws. */
  follow(decide: () => Decision | null): void {
    const { document } = this.#window;
    if ((document as { prerendering?: boolean }).prerendering === true) {
      document.addEventListener("prerenderingchange", () => this.follow(decide), { once: true });
      return;
    }
    this.problem = null;
    const to = targetOf(decide());
    if (to === null || this.#isGone) return;
    try {
      this.#go(to);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  #go(to: string): void {
    const { location, parent } = this.#window;
    const target = new URL(checkUrl(to, location.href), location.href);
    // An editor or a preview that frames the page wants to see this one.
    if (parent !== this.#window) throw new Error("the page is in a frame");
    if (pageOf(target) === pageOf(location)) throw new Error("it leads to this page");
    if (target.origin === location.origin) keep(location, target);
    this.#remember(pageOf(target));
    this.#isGone = true;
    location.replace(target.href);
  }

  #remember(page: string): void {
    const { store, visits } = this.#person;
    const known = pagesIn(store.read("redirects"), visits);
    if (known.includes(page) || known.length >= PAGES_MAX) throw new Error("this visit was sent there before");
    store.write("redirects", { visits, pages: [...known, page] });
    if (!pagesIn(store.read("redirects"), visits).includes(page)) throw new Error("it could not be remembered; is there consent to storage?");
  }
}

/** Where a decision sends the visitor. */
function targetOf(decision: Pick<Decision, "slots"> | null): string | null {
  for (const { changes } of decision?.slots ?? []) for (const change of changes) if (change.kind === "redirect") return change.value;
  return null;
}

/** What stands behind the path does not make another page. */
function pageOf({ origin, pathname }: URL | Location): string {
  return origin + pathname.replace(/\/+$/, "");
}

/** Campaigns and anchors go along; what the target says itself is kept. */
function keep(from: Location, target: URL): void {
  const own = new Set(target.searchParams.keys());
  for (const [name, value] of new URLSearchParams(from.search)) if (!own.has(name)) target.searchParams.append(name, value);
  if (target.hash === "") target.hash = from.hash;
}

/** `kept` may be anything; what another visit was sent to is forgotten. */
function pagesIn(kept: unknown, visits: number | null): string[] {
  const { visits: of, pages } = (kept ?? {}) as { visits?: unknown; pages?: unknown };
  return visits !== null && of === visits && Array.isArray(pages) ? pages.filter((page) => typeof page === "string") : [];
}
