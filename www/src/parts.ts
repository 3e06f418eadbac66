// The parts of decisions as objects. The core says in numbers which part it means; making an object of it costs more than
// deciding, so each is made once, frozen, and handed out again. What depends on the account is kept for a bounded number of
// them.

import type { Core } from "nameplate:glue";
import type { AccountView, Ad, Exposure, Match, Reason, SlotChange } from "./types.ts";

/** As in `src/wasm.rs`: what became of a slot. */
const SHOWN = 5;
const SHOWN_FOR_ACCOUNT = 6;
/** As in `src/wasm.rs`, in the place of an account: nobody who is known, and the company that the visit described. */
export const STRANGER = -1;
export const COMPANY = -2;
/** Objects that one cache keeps before it starts afresh: of contents, and of accounts and networks, which are smaller. */
const CONTENTS_KEPT_MAX = 4_096;
const KEPT_MAX = 65_536;
/** Variants of an experience, and creatives of a line item: as in `src/limit.rs`. */
const VARIANTS = 64;
/** More experiences and line items, times variants, than a bundle has: 131,072 × 64. */
const CONTENTS = 2 ** 23;

/** Objects by number. */
class Cache<T> {
  readonly #kept = new Map<number, T>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: number, make: () => T): T {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    if (this.#kept.size >= this.#max) this.#kept.clear();
    const made = freeze(make());
    this.#kept.set(key, made);
    return made;
  }
}

/** What an exposure says beside the bucket. */
type ExposurePart = Pick<Exposure, "experience" | "variant" | "unit">;

export class Parts {
  readonly #core: Core;
  readonly #read: <T>(length: number) => T;
  readonly #accounts = new Cache<AccountView>(KEPT_MAX);
  readonly #matches = new Cache<Match>(KEPT_MAX);
  readonly #changes: Cache<SlotChange>[];
  readonly #slotReasons: Cache<Reason>[];
  readonly #ads: Cache<Ad>[];
  readonly #placementReasons: Cache<Reason>[];
  readonly #exposures = new Cache<ExposurePart>(CONTENTS_KEPT_MAX);

  /** `read` gives the object whose text the core has just made. */
  constructor(core: Core, read: <T>(length: number) => T, slots: number, placements: number) {
    this.#core = core;
    this.#read = read;
    this.#changes = caches(slots);
    this.#slotReasons = caches(slots);
    this.#ads = caches(placements);
    this.#placementReasons = caches(placements);
  }

  account(position: number): AccountView {
    const make = () => this.#read<AccountView>(this.#core.account_view(position));
    if (position === COMPANY) return freeze(make());
    return this.#accounts.get(position, make);
  }

  match(how: number, network: number): Match {
    return this.#matches.get(network < 0 ? -1 - how : network, () => this.#read(this.#core.matched(how, network)));
  }

  /** `undefined` for Default. */
  change(slot: number, kind: number, experience: number, variant: number, account: number): SlotChange | undefined {
    if (kind < SHOWN) return undefined;
    const content = experience * VARIANTS + variant;
    // The account is known but not always sure enough to be named: only the core knows.
    const whom = kind === SHOWN_FOR_ACCOUNT ? account : STRANGER;
    const make = () => this.#read<SlotChange>(this.#core.slot_change(slot, kind, experience, variant, whom));
    if (whom === COMPANY) return freeze(make());
    const key = whom < 0 ? content : (whom + 2) * CONTENTS + content;
    return this.#changes[slot]?.get(key, make);
  }

  slotReason(slot: number, kind: number, experience: number, variant: number): Reason | undefined {
    // Why something is shown does not depend on whose values are in it, nor on the variant.
    const reason = kind === SHOWN_FOR_ACCOUNT ? SHOWN : kind;
    const named = reason === SHOWN ? 0 : variant;
    const key = reason * CONTENTS + experience * VARIANTS + named;
    return this.#slotReasons[slot]?.get(key, () => this.#read(this.#core.slot_reason(slot, reason, experience, named)));
  }

  ad(placement: number, lineItem: number, creative: number, isForAccount: boolean, account: number): Ad | undefined {
    const content = lineItem * VARIANTS + creative;
    const whom = isForAccount ? account : STRANGER;
    const make = () => this.#read<Ad>(this.#core.ad(placement, lineItem, creative, whom));
    // Nobody else will see what is said to a company that is in no list.
    if (whom === COMPANY) return freeze(make());
    const key = whom < 0 ? content : (whom + 2) * CONTENTS + content;
    return this.#ads[placement]?.get(key, make);
  }

  placementReason(placement: number, lineItem: number, isHeldOut: boolean): Reason | undefined {
    const key = isHeldOut ? -2 : lineItem;
    const make = () => this.#read<Reason>(this.#core.placement_reason(placement, lineItem, isHeldOut));
    return this.#placementReasons[placement]?.get(key, make);
  }

  exposure(experience: number, variant: number, bucket: number | null): Exposure {
    const make = () => this.#read<ExposurePart>(this.#core.exposure(experience, variant));
    const part = this.#exposures.get(experience * VARIANTS * 2 + variant + 1, make);
    return { experience: part.experience, variant: part.variant, unit: part.unit, bucket };
  }
}

function caches<T>(count: number): Cache<T>[] {
  return Array.from({ length: count }, () => new Cache<T>(CONTENTS_KEPT_MAX));
}

/** Freezes an object and all in it: whoever changes what was handed to one page would change it for the next. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
