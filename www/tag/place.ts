// A slot or a placement that shows something: its elements, each with its patch. Stands for itself: what fails leaves its elements
// as authored and the rest of the page personalised.

import type { Ad, SlotChange } from "../src/types.ts";
import { buildAd } from "./ad.ts";
import type { Applied } from "./api.ts";
import { Patch } from "./patch.ts";
import { find, type Root } from "./roots.ts";

/** Elements changed per slot, at most: a selector that matches the whole page is a mistake. */
const ELEMENTS_MAX = 64;
/** How often in a page view one element is changed again after the page has changed it, and how often a slot is at all: then the page wins. */
const AGAIN_MAX = 8;
const CHANGES_MAX = 512;

type Apply = (patch: Patch, restore: () => void) => void;

export class Place {
  readonly about: string;
  /** Equal for what looks equal. */
  readonly signature: string;
  readonly #selector: string;
  readonly #apply: Apply;
  readonly #onlyFirst: boolean;
  readonly #disturbs: boolean;
  readonly #failed: () => void;
  readonly #patches = new Map<Element, Patch>();
  /** Nodes that came into the page from here: whatever the selector, none of them is an element of the slot. */
  readonly #made = new WeakSet<Node>();
  /** Of the page view: how often each element was changed, and all of them; why the slot or an element was left to the page. */
  #counts = new WeakMap<Element, number>();
  #changes = 0;
  #problem: string | null = null;
  #isGivenUp = false;
  #isLate = false;

  /** `failed` is called when what was shown had to go again. */
  static ofSlot(slot: SlotChange, failed: () => void): Place {
    const isPicture = slot.changes.some((change) => change.kind === "attribute" && (change.name === "src" || change.name === "srcset"));
    const apply: Apply = (patch, restore) => {
      for (const change of slot.changes) patch.change(change);
      // A picture that cannot be loaded must not cost the page the one its author chose.
      if (isPicture && patch.element instanceof HTMLImageElement) patch.onError(restore);
    };
    const disturbs = slot.changes.some((change) => change.kind === "text" || change.kind === "html" || (change.kind === "visible" && !change.value));
    return new Place(slot.slot, slot.selector, JSON.stringify(["slot", slot.slot, slot.selector, slot.changes]), apply, false, disturbs, failed);
  }

  /** Only the first element gets the ad: the same creative twice on one page would be two impressions of one decision. */
  static ofAd(ad: Ad, failed: () => void): Place {
    const apply: Apply = (patch, restore) => patch.show([buildAd(patch.element.ownerDocument, ad, restore)]);
    return new Place(ad.placement, ad.selector, JSON.stringify(["ad", ad]), apply, true, true, failed);
  }

  private constructor(about: string, selector: string, signature: string, apply: Apply, onlyFirst: boolean, disturbs: boolean, failed: () => void) {
    this.about = about;
    this.#selector = selector;
    this.signature = signature;
    this.#apply = apply;
    this.#onlyFirst = onlyFirst;
    this.#disturbs = disturbs;
    this.#failed = failed;
  }

  /** What a page may look for in nodes that have just come. */
  get selector(): string {
    return `${this.#selector}, np-slot`;
  }

  /** Nothing more is to be looked for: what came too late stays as it is. */
  get isOver(): boolean {
    return this.#isLate || this.#isGivenUp;
  }

  hasMade(node: Node | null): boolean {
    return node !== null && (this.#made.has(node) || this.hasMade(node.parentNode));
  }

  /** Elements may come. In a new page view nothing is known against any of them. */
  open(isNewView: boolean): void {
    this.#isLate = false;
    if (!isNewView) return;
    this.#counts = new WeakMap();
    this.#changes = 0;
    this.#problem = null;
    this.#isGivenUp = false;
  }

  /** Its time to come is over. What has come may be made anew for as long as the page lives. */
  close(): void {
    this.#isLate = this.#patches.size === 0;
  }

  get elements(): Iterable<Element> {
    return this.#patches.keys();
  }

  applied(): Applied {
    return { about: this.about, elements: this.#patches.size, problem: this.#problem };
  }

  /** Changes every element that is not yet as it should be. `isBusy`: somebody is at work in it, it must wait. Never throws. */
  show(roots: Root[], isBusy: (element: Element) => boolean): void {
    if (this.isOver) return;
    try {
      const found = find(roots, this.about, this.#selector).filter((element) => !this.hasMade(element));
      if (found.length > ELEMENTS_MAX) throw new Error(`${found.length} elements match; expected at most ${ELEMENTS_MAX}`);
      // What has left the page is the page's again. What the selector no longer matches is kept: a change may be the cause.
      for (const [element, patch] of this.#patches) {
        if (element.isConnected) continue;
        patch.undo();
        this.#patches.delete(element);
      }
      const kept = [...this.#patches.keys()];
      const elements = new Set(this.#onlyFirst ? [...kept, ...found].slice(0, 1) : [...found, ...kept]);
      for (const element of elements) {
        if (this.#patches.get(element)?.isIntact() || (this.#disturbs && isBusy(element))) continue;
        this.#change(element);
      }
    } catch (error) {
      this.#giveUp(error instanceof Error ? error.message : String(error));
    }
  }

  undo(): void {
    for (const patch of [...this.#patches.values()].reverse()) patch.undo();
    this.#patches.clear();
  }

  #giveUp(problem: string): void {
    this.undo();
    this.#problem = problem;
    this.#isGivenUp = true;
  }

  #change(element: Element): void {
    const count = this.#counts.get(element) ?? 0;
    const isTooMuch = this.#changes >= CHANGES_MAX;
    if (count > AGAIN_MAX || isTooMuch) {
      this.#patches.get(element)?.undo();
      this.#patches.delete(element);
      this.#problem = "the page keeps changing it";
      this.#isGivenUp = isTooMuch;
      return;
    }
    this.#counts.set(element, count + 1);
    this.#changes += 1;
    // What the page has changed is now what its author wrote; the rest goes back first.
    this.#patches.get(element)?.undo();
    const patch = new Patch(element, this.#made);
    this.#patches.set(element, patch);
    this.#apply(patch, () => {
      if (this.#patches.get(element) !== patch) return;
      this.#giveUp("its picture cannot be loaded");
      this.#failed();
    });
  }
}
