// The parts of decisions as objects. The core says in numbers which part it means; making an object of it costs more than
// deciding, so each is made once, frozen, and handed out again. What depends on the account is kept for a bounded number of
// them.

import type { Core } from "nameplate:glue";
import { Cache, KEPT_MAX, Pages } from "./cache.ts";
import type { Outcome } from "./outcomes.ts";
import type { AccountView, Ad, Exposure, Match, Reason, SlotChange } from "./types.ts";

/** As in `src/wasm.rs`: what became of a slot; the kinds are less than eight. From the first on an experience has it. */
const HELD_OUT = 3;
const SHOWN = 5;
const KINDS = 8;
/** As in `src/wasm.rs`, in the place of an account: nobody who is known, and the company that the visit described. */
export const STRANGER = -1;
export const COMPANY = -2;

/** An account as the core knows it. Here a described company may have a number of its own, below all of the core's. */
const toCore = (account: number): number => Math.max(account, COMPANY);

/** Variants of an experience, and creatives of a line item: as in `src/limit.rs`. */
const VARIANTS = 64;

/** What a place shows, unless it is Default or differs from account to account, and why. */
interface Place<T> {
  readonly shown: T | null;
  readonly reason: Reason;
}

/** What an account's own values are in. */
interface Person {
  readonly changes: Map<number, SlotChange>;
  readonly ads: Map<number, Ad>;
}

export class Parts {
  readonly #core: Core;
  readonly #read: <T>(length: number) => T;
  readonly #slotCount: number;
  readonly #placementCount: number;
  readonly #hasCohorts: boolean;
  readonly #accounts = new Pages<AccountView>();
  #people = new Pages<Person>();
  /** Changes and ads that people have. */
  #owned = 0;
  readonly #matches = new Pages<Match>();
  readonly #misses: (Match | undefined)[] = [];
  readonly #slots = new Cache<Place<SlotChange>>();
  readonly #placements = new Cache<Place<Ad>>();
  readonly #exposures = new Cache<Exposure>();

  /** `read` gives the object whose text the core has just made. A browser's core has no cohorts. */
  constructor(core: Core, read: <T>(length: number) => T, slots: number, placements: number, hasCohorts: boolean) {
    this.#core = core;
    this.#read = read;
    this.#slotCount = slots;
    this.#placementCount = placements;
    this.#hasCohorts = hasCohorts;
  }

  account(position: number): AccountView {
    return this.#accounts.get(position) ?? this.#kept(this.#accounts, position, this.#make(this.#core.account_view(toCore(position))));
  }

  /** Of a network, or of none at -1; `ageDays` is -1 where nobody knows. */
  match(how: number, network: number, ageDays: number): Match {
    if (network < 0) return (this.#misses[how] ??= this.#make<Match>(this.#core.matched(how, network, ageDays)));
    const known = this.#matches.get(network);
    // Tomorrow it is a day older.
    if (known !== undefined && (known.ageDays ?? -1) === ageDays) return known;
    return this.#matches.put(network, this.#make(this.#core.matched(how, network, ageDays)));
  }

  /** Of the visit that was chosen for last. */
  cohort(): string | null {
    return this.#hasCohorts ? this.#read(this.#core.cohort()) : null;
  }

  /** Adds to an outcome what a slot shows, unless that is Default, why, and who has it. `choice` is as `slot_number` writes it. */
  slot(slot: number, choice: number, account: number, { slots, exposures, reasons }: Outcome): void {
    const [isOwn, kind, variant, experience] = [choice % 2 === 1, (choice >> 1) % KINDS, (choice >> 4) % VARIANTS, choice >> 10];
    const key = choice * this.#slotCount + slot;
    const place = this.#slots.get(key) ?? this.#slots.put(key, this.#makeSlot(slot, kind, experience, variant, isOwn));
    if (place.shown !== null) slots.push(place.shown);
    else if (isOwn) {
      const { changes } = this.#person(account);
      slots.push(changes.get(key) ?? this.#own(changes, key, this.#core.slot_change(slot, kind, experience, variant, toCore(account))));
    }
    reasons.push(place.reason);
    if (kind < HELD_OUT) return;
    const exposure = this.#exposure(experience, kind === HELD_OUT ? -1 : variant);
    if (!exposures.includes(exposure)) exposures.push(exposure);
  }

  /** The same of a placement. `choice` is as `ad_number` writes it. */
  placement(placement: number, choice: number, isHeldOut: boolean, account: number, { ads, reasons }: Outcome): void {
    const [isOwn, creative, lineItem] = [choice % 2 === 1, (choice >> 1) % VARIANTS, (choice >> 7) - 1];
    const key = (choice * 2 + Number(isHeldOut)) * this.#placementCount + placement;
    const place = this.#placements.get(key) ?? this.#placements.put(key, this.#makePlacement(placement, lineItem, creative, isOwn, isHeldOut));
    if (place.shown !== null) ads.push(place.shown);
    else if (isOwn) {
      const own = this.#person(account).ads;
      ads.push(own.get(key) ?? this.#own(own, key, this.#core.ad(placement, lineItem, creative, toCore(account))));
    }
    reasons.push(place.reason);
  }

  #exposure(experience: number, variant: number): Exposure {
    const key = experience * VARIANTS * 2 + variant + 1;
    return this.#exposures.get(key) ?? this.#exposures.put(key, this.#makeExposure(experience, variant));
  }

  #person(position: number): Person {
    return this.#people.get(position) ?? this.#kept(this.#people, position, { changes: new Map(), ads: new Map() });
  }

  /** What is said to a company without a number nobody else will see. */
  #kept<T>(all: Pages<T>, position: number, made: T): T {
    return position === COMPANY ? made : all.put(position, made);
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

  #makeSlot(slot: number, kind: number, experience: number, variant: number, isOwn: boolean): Place<SlotChange> {
    const reason = this.#make<Reason>(this.#core.slot_reason(slot, kind, experience, variant));
    const shown = kind === SHOWN && !isOwn ? this.#make<SlotChange>(this.#core.slot_change(slot, kind, experience, variant, STRANGER)) : null;
    return { shown, reason };
  }

  #makePlacement(placement: number, lineItem: number, creative: number, isOwn: boolean, isHeldOut: boolean): Place<Ad> {
    const reason = this.#make<Reason>(this.#core.placement_reason(placement, lineItem, isHeldOut));
    const isSame = lineItem >= 0 && !isOwn;
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
