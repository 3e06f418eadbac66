// Applies decisions to a document: what a decision no longer says is undone, what it says is shown, what it says again is left
// as it is. Nothing is ever hidden.

import type { Decision } from "../src/types.ts";
import type { Applied } from "./api.ts";
import { putBack } from "./edge.ts";
import { Place } from "./place.ts";
import { rootsOf, type Root } from "./roots.ts";
import { safely } from "./say.ts";

/** One entry per slot and ad of the decision, in its order. Never throws. */
export function applyDecision(document: Document, decision: Decision): Applied[] {
  return new Page(document).apply(decision);
}

export class Page {
  readonly #document: Document;
  readonly #failed: () => void;
  #places: Place[] = [];

  /** `failed` is called when something that was shown had to go again. */
  constructor(document: Document, failed = (): void => undefined) {
    this.#document = document;
    this.#failed = failed;
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  /** Undoes what this decision no longer says. What it does say is there after `show`. `isNewView`: a page view begins. */
  take(decision: Pick<Decision, "slots" | "ads">, isNewView: boolean): void {
    const { slots, ads } = decision;
    const wanted = [...slots.map((slot) => Place.ofSlot(slot, this.#failed)), ...ads.map((ad) => Place.ofAd(ad, this.#failed))];
    const signatures = new Set(wanted.map(({ signature }) => signature));
    this.#undo(this.#places.filter(({ signature }) => !signatures.has(signature)));
    const known = new Map(this.#places.map((place) => [place.signature, place]));
    this.#places = wanted.map((place) => known.get(place.signature) ?? place);
    for (const place of this.#places) place.open(isNewView);
  }

  apply(decision: Pick<Decision, "slots" | "ads">): Applied[] {
    this.take(decision, true);
    this.show();
    return this.applied();
  }

  /** Changes what is not yet as it should be. Gives the roots it looked in, and whether something has to wait for the visitor. */
  show(): { roots: Root[]; isWaiting: boolean } {
    putBack(this.#document);
    const roots = rootsOf(this.#document);
    let isWaiting = false;
    // Asked once: after each change the browser would lay the page out anew to know.
    const selection = selectionOf(this.#document);
    const isBusy = (element: Element): boolean => {
      const busy = isFocusedIn(element) || selection?.containsNode(element, true) === true;
      isWaiting ||= busy;
      return busy;
    };
    for (const place of this.#places) place.show(roots, isBusy);
    return { roots, isWaiting };
  }

  applied(): Applied[] {
    return this.#places.map((place) => place.applied());
  }

  undo(): void {
    this.#undo(this.#places);
    this.#places = [];
  }

  /** The last change goes first. Whatever stood on an element of these has to go as well, and comes back when it is shown again. */
  #undo(places: readonly Place[]): void {
    const elements = new Set(places.flatMap((place) => [...place.elements]));
    for (const place of [...this.#places].reverse()) {
      const isWanted = places.includes(place) || [...place.elements].some((element) => elements.has(element));
      if (isWanted) safely("a slot was not put back", () => place.undo());
    }
  }
}

/** The visitor's focus is inside, and would be lost with the node that holds it. */
function isFocusedIn(element: Element): boolean {
  const root = element.getRootNode();
  const active = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
  return active !== null && active !== element && element.contains(active);
}

/** What the visitor has selected, `null` for nothing. To ask makes the browser lay the page out; before its first paint nobody has. */
function selectionOf(document: Document): Selection | null {
  if (document.defaultView?.performance?.getEntriesByType("paint").length === 0) return null;
  const selection = document.getSelection();
  return selection?.isCollapsed === false ? selection : null;
}
