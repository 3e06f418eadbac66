// Caches by number that keep a bounded number of things.

/** Things that one cache keeps at most, unless it is told otherwise. */
export const KEPT_MAX = 65_536;
/** The same of what belongs to companies that visits describe, of which there is no end. */
export const COMPANIES_MAX = 1_024;
const PAGE_BITS = 8;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

/** Objects by a key. When half of the room is full, what was not asked for since it last was is forgotten. */
export class Cache<T, K = number> {
  readonly #half: number;
  #young = new Map<K, T>();
  #old = new Map<K, T>();

  constructor(max = KEPT_MAX) {
    this.#half = max / 2;
  }

  get(key: K): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    return old === undefined ? undefined : this.put(key, old);
  }

  put(key: K, value: T): T {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}

/**
 * Objects by a position in one of the bundle's lists, in pages: an index costs half of a map's look-up. Full, it starts afresh. Numbers below
 * zero are those of described companies: a map has them.
 */
export class Pages<T> {
  readonly #companies = new Cache<T>(COMPANIES_MAX);
  #pages: (T | undefined)[][] = [];
  #kept = 0;

  get(position: number): T | undefined {
    if (position < 0) return this.#companies.get(position);
    const page = this.#pages[position >> PAGE_BITS];
    return page === undefined ? undefined : page[position & PAGE_MASK];
  }

  put(position: number, value: T): T {
    if (position < 0) return this.#companies.put(position, value);
    if (this.#kept >= KEPT_MAX) {
      this.#pages = [];
      this.#kept = 0;
    }
    const page = (this.#pages[position >> PAGE_BITS] ??= new Array<T | undefined>(1 << PAGE_BITS).fill(undefined));
    page[position & PAGE_MASK] = value;
    this.#kept += 1;
    return value;
  }
}
