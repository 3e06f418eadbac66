// What choices come to. Few of the numbers in which the core says what a page shows differ from visit to visit: so their lists are
// made once out of parts, and copied for each decision that comes to the same.

import { Cache } from "./cache.ts";
import { COMPANY, STRANGER, type Parts } from "./parts.ts";
import type { Ad, Exposure, Reason, SlotChange } from "./types.ts";

/** Numbers of outcomes that are kept at most, all together. */
const NUMBERS_MAX = 2 ** 18;
/** Odd, and without a pattern in its bits: a product spreads what differs in low bits over all above. */
const MIX = 0x9e3779b1;

/** The lists of a decision. Its exposures lack their buckets, which differ from visitor to visitor. */
export interface Outcome {
  readonly slots: SlotChange[];
  readonly ads: Ad[];
  readonly exposures: Exposure[];
  readonly reasons: Reason[];
  readonly cohort: string | null;
}

/** An outcome, and the numbers that it was made of. */
interface Kept {
  readonly numbers: readonly number[];
  readonly outcome: Outcome;
}

export class Outcomes {
  readonly #parts: Parts;
  readonly #slots: number;
  /** Slots and placements. */
  readonly #places: number;
  readonly #kept: Cache<Kept>;

  constructor(parts: Parts, slots: number, placements: number) {
    this.#parts = parts;
    this.#slots = slots;
    this.#places = slots + placements;
    this.#kept = new Cache(NUMBERS_MAX / (this.#places + 1));
  }

  /** The outcome of the numbers that stand at a place, for somebody of `account`. */
  of(words: Int32Array, from: number, account: number, isHeldOut: boolean): Outcome {
    let [mixed, all] = [0, 0];
    for (let at = from; at < from + this.#places; at += 1) {
      const number = words[at]!;
      mixed = Math.imul(mixed ^ number, MIX);
      all |= number;
    }
    // Where no number says that it is the account's own, everybody gets the same.
    const whose = all % 2 === 0 ? STRANGER : account;
    const whom = whose * 2 + Number(isHeldOut);
    // The highest bits are the best mixed; 30 are what every engine keeps without an object.
    const key = Math.imul(mixed ^ whom, MIX) >> 2;
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#isOf(kept.numbers, words, from, whom)) return kept.outcome;
    // Copied before anything is made of them: to make it the core's memory may grow, and then `words` are lost.
    const numbers = [...words.subarray(from, from + this.#places), whom];
    const outcome = this.#make(numbers, whose, isHeldOut);
    // What is said to a company without a number nobody else will see.
    if (whose !== COMPANY) this.#kept.put(key, { numbers, outcome });
    return outcome;
  }

  #isOf(numbers: readonly number[], words: Int32Array, from: number, whom: number): boolean {
    for (let place = 0; place < this.#places; place += 1) if (numbers[place] !== words[from + place]) return false;
    return numbers[this.#places] === whom;
  }

  #make(numbers: readonly number[], account: number, isHeldOut: boolean): Outcome {
    const outcome: Outcome = { slots: [], ads: [], exposures: [], reasons: [], cohort: this.#parts.cohort() };
    for (let slot = 0; slot < this.#slots; slot += 1) this.#parts.slot(slot, numbers[slot]!, account, outcome);
    for (let place = this.#slots; place < this.#places; place += 1) {
      this.#parts.placement(place - this.#slots, numbers[place]!, isHeldOut, account, outcome);
    }
    return outcome;
  }
}
