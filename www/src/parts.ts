// The parts of decisions as objects. The core says in numbers which part it means; making an object of it costs more than
// deciding, so each is made once, frozen, and handed out again. What depends on the account is kept for a bounded number of
// them.

import type { Core } from "nameplate:glue";
import type { AccountView, Ad, Exposure, Match, Reason, SlotChange } from "./types.ts";

/** As in `src/wasm.rs`: what became of a slot; the kinds are less than eight. */
const SHOWN = 5;
const SHOWN_FOR_ACCOUNT = 6;
const KINDS = 8;
/** As in `src/wasm.rs`, in the place of an account: nobody who is known, and the company that the visit described. */
export const STRANGER = -1;
export const COMPANY = -2;
/** Objects that one cache keeps at most. */
const KEPT_MAX = 65_536;
const PAGE_BITS = 8;
const PAGE_MASK = (1 << PAGE_BITS) - 1;
/** Variants of an experience, and creatives of a line item: as in `src/limit.rs`. */
const VARIANTS = 64;

/** Objects by number. When half of the room is full, what was not asked for since it last was is forgotten. */
class Cache<T> {
  #young = new Map<number, T>();
  #old = new Map<number, T>();

  get(key: number): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    return old === undefined ? undefined : this.put(key, old);
  }

  put(key: number, value: T): T {
    if (this.#young.size >= KEPT_MAX / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}

/** Objects by a position in one of the bundle's lists, in pages: an index costs half of a map's look-up. Full, it starts afresh. */
class Pages<T> {
  #pages: (T | undefined)[][] = [];
  #kept = 0;

  get(position: number): T | undefined {
    const page = this.#pages[position >> PAGE_BITS];
    return page === undefined ? undefined : page[position & PAGE_MASK];
  }

  put(position: number, value: T): T {
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

/** What a place shows, unless it is Default or differs from account to account, and why. */
interface Place<T> {
  readonly shown: T | null;
  readonly reason: Reason;
}

/** An account, and what its own values are in. */
interface Person {
  readonly view: AccountView;
  readonly changes: Map<number, SlotChange>;
  readonly ads: Map<number, Ad>;
}

export class Parts {
  readonly #core: Core;
  readonly #read: <T>(length: number) => T;
  readonly #slotCount: number;
  readonly #placementCount: number;
  #people = new Pages<Person>();
  /** Changes and ads that people have. */
  #owned = 0;
  readonly #matches = new Cache<Match>();
  readonly #slots = new Cache<Place<SlotChange>>();
  readonly #placements = new Cache<Place<Ad>>();
  readonly #exposures = new Cache<Exposure>();

  /** `read` gives the object whose text the core has just made. */
  constructor(core: Core, read: <T>(length: number) => T, slots: number, placements: number) {
    this.#core = core;
    this.#read = read;
    this.#slotCount = slots;
    this.#placementCount = placements;
  }

  account(position: number): AccountView {
    return this.#person(position).view;
  }

  match(how: number, network: number): Match {
    const key = network < 0 ? -1 - how : network;
    return this.#matches.get(key) ?? this.#matches.put(key, this.#make(this.#core.matched(how, network)));
  }

  /** Adds what a slot shows, unless that is Default, and why. */
  slot(slot: number, kind: number, experience: number, variant: number, account: number, slots: SlotChange[], reasons: Reason[]): void {
    const key = ((experience * VARIANTS + variant) * KINDS + kind) * this.#slotCount + slot;
    const place = this.#slots.get(key) ?? this.#slots.put(key, this.#makeSlot(slot, kind, experience, variant));
    if (place.shown !== null) slots.push(place.shown);
    else if (kind === SHOWN_FOR_ACCOUNT) {
      const { changes } = this.#person(account);
      const own = changes.get(key);
      if (own !== undefined) slots.push(own);
      else slots.push(this.#own(changes, key, this.#core.slot_change(slot, kind, experience, variant, account)));
    }
    reasons.push(place.reason);
  }

  /** The same of a placement; at -1 no line item fills it. */
  placement(placement: number, lineItem: number, creative: number, isForAccount: boolean, isHeldOut: boolean, account: number, all: Ad[], reasons: Reason[]): void {
    const kind = (isForAccount ? 2 : 0) + (isHeldOut ? 1 : 0);
    const key = (((lineItem + 1) * VARIANTS + creative) * KINDS + kind) * this.#placementCount + placement;
    const place = this.#placements.get(key) ?? this.#placements.put(key, this.#makePlacement(placement, lineItem, creative, isForAccount, isHeldOut));
    if (place.shown !== null) all.push(place.shown);
    else if (isForAccount) {
      const { ads } = this.#person(account);
      const own = ads.get(key);
      if (own !== undefined) all.push(own);
      else all.push(this.#own(ads, key, this.#core.ad(placement, lineItem, creative, account)));
    }
    reasons.push(place.reason);
  }

  exposure(experience: number, variant: number, bucket: number | null): Exposure {
    const key = experience * VARIANTS * 2 + variant + 1;
    const part = this.#exposures.get(key) ?? this.#exposures.put(key, this.#makeExposure(experience, variant));
    return bucket === null ? part : { experience: part.experience, variant: part.variant, unit: part.unit, bucket };
  }

  #person(position: number): Person {
    const known = position < 0 ? undefined : this.#people.get(position);
    if (known !== undefined) return known;
    const made = { view: this.#make<AccountView>(this.#core.account_view(position)), changes: new Map(), ads: new Map() };
    // Nobody else will see what is said to a company that is in no list.
    return position === COMPANY ? made : this.#people.put(position, made);
  }

  #own<T>(all: Map<number, T>, key: number, length: number): T {
    if (this.#owned >= KEPT_MAX) {
      this.#people = new Pages();
      this.#owned = 0;
    }
    const made = this.#make<T>(length);
    all.set(key, made);
    this.#owned += 1;
    return made;
  }

  #makeSlot(slot: number, kind: number, experience: number, variant: number): Place<SlotChange> {
    // Why something is shown does not depend on whose values are in it.
    const reason = this.#make<Reason>(this.#core.slot_reason(slot, Math.min(kind, SHOWN), experience, variant));
    const shown = kind === SHOWN ? this.#make<SlotChange>(this.#core.slot_change(slot, kind, experience, variant, STRANGER)) : null;
    return { shown, reason };
  }

  #makePlacement(placement: number, lineItem: number, creative: number, isForAccount: boolean, isHeldOut: boolean): Place<Ad> {
    const reason = this.#make<Reason>(this.#core.placement_reason(placement, lineItem, isHeldOut));
    const isSame = lineItem >= 0 && !isForAccount;
    return { shown: isSame ? this.#make<Ad>(this.#core.ad(placement, lineItem, creative, STRANGER)) : null, reason };
  }

  #makeExposure(experience: number, variant: number): Exposure {
    const part = this.#read<Omit<Exposure, "bucket">>(this.#core.exposure(experience, variant));
    return freeze({ ...part, bucket: null });
  }

  #make<T>(length: number): T {
    return freeze(this.#read<T>(length));
  }
}

/** Freezes an object and all in it: whoever changes what was handed to one page would change it for the next. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
