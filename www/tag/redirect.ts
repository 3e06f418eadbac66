// Sends the visitor to another page, where a decision says so. A page that goes round in circles is worse than any content, so this
// is done once a page view, as it begins, once a visit to each page, and only where that can be remembered.

import type { Decision } from "../src/types.ts";
import type { Person } from "./person.ts";
import { checkUrl } from "./url.ts";

export class Redirect {
  readonly #window: Window & typeof globalThis;
  readonly #person: Person;
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
    const to = targetOf(decide());
    try {
      this.problem = to === null ? null : this.#go(to);
    } catch (error) {
      this.problem = String(error);
    }
  }

  /** Why it does not, or `null` when it is on its way. */
  #go(to: string): string | null {
    const { location, parent } = this.#window;
    const target = new URL(checkUrl(to, location.href), location.href);
    const page = pageOf(target);
    // An editor or a preview that frames the page wants to see this one.
    if (parent !== this.#window) return "the page is in a frame";
    if (page === pageOf(location)) return "it leads to this page";
    const { store, visits } = this.#person;
    const known = pagesIn(store.read("redirects"), visits);
    if (known.includes(page)) return "this visit was sent there before";
    store.write("redirects", { visits, pages: [...known, page] });
    if (!pagesIn(store.read("redirects"), visits).includes(page)) return "it cannot be remembered without storage";
    if (target.origin === location.origin) keep(location, target);
    location.replace(target.href);
    return null;
  }
}

/** Where a decision sends the visitor. */
export function targetOf(decision: Pick<Decision, "slots"> | null): string | null {
  for (const { changes } of decision?.slots ?? []) for (const change of changes) if (change.kind === "redirect") return change.value;
  return null;
}

/** What stands behind the path does not make another page. */
export function pageOf({ origin, pathname }: URL | Location): string {
  return origin + pathname.replace(/\/+$/, "");
}

/** Campaigns and anchors go along; what the target says itself is kept. */
export function keep(from: Location | URL, target: URL): void {
  const own = new Set(target.searchParams.keys());
  for (const [name, value] of new URLSearchParams(from.search)) if (!own.has(name)) target.searchParams.append(name, value);
  if (target.hash === "") target.hash = from.hash;
}

/** `kept` may be anything; what another visit was sent to is forgotten. */
function pagesIn(kept: unknown, visits: number | null): unknown[] {
  const { visits: of, pages } = (kept ?? {}) as { visits?: unknown; pages?: unknown };
  return visits !== null && of === visits && Array.isArray(pages) ? pages : [];
}
