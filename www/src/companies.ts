// Companies that visits describe, by number. Rules are asked for each visit; what they let show is put into words and objects for a company
// and then kept, as for an account of the list: that costs several times a decision, and who describes a company does so on every page.

import { Cache, COMPANIES_MAX } from "./cache.ts";
import { COMPANY } from "./parts.ts";
import type { Attribute } from "./visit.ts";

/** Letters of a description that is kept: it is the caller's, and may be any. */
const LETTERS_MAX = 4_096;

export class Companies {
  readonly #numbers = new Cache<number, string>(COMPANIES_MAX);
  #last = COMPANY;

  /**
   * The number of a company, from the second time on that it is described so; none is given twice. `COMPANY` for one that is new, which may never
   * come again, and for one that is described at length.
   */
  numberOf(attributes: readonly Attribute[] | undefined): number {
    const description = JSON.stringify(attributes);
    if (description.length > LETTERS_MAX) return COMPANY;
    const number = this.#numbers.get(description);
    if (number === undefined) return this.#numbers.put(description, COMPANY);
    return number === COMPANY ? this.#numbers.put(description, (this.#last -= 1)) : number;
  }
}
