// What goes into a decision and what comes out, as plain data. No logic lives here: the file is a mirror of the Rust
// types and will be generated from them, so that the published types cannot drift.

/** Part in the buying committee. It comes from a declared source (login, form, e-mail link), never from an address. */
export type Role = "champion" | "decision-maker" | "influencer" | "user" | "approver" | "gatekeeper";

/** Where an account is in its life with us. */
export type Stage = "target" | "awareness" | "consideration" | "decision" | "customer" | "expansion" | "at-risk";

/** What is known about the person, all of it optional. */
export interface Visitor {
  /** Stable id of the browser or the person; the unit of tests that are drawn by visitor. */
  id?: string | null;
  /** Number of visits, this one included; a fraction is floored. */
  visits?: number | null;
  role?: Role | (string & {}) | null;
  /** Language tag, as `de` or `en-GB`. */
  language?: string | null;
}

/** All facts about one page view, handed in by the caller; each may be missing. */
export interface Visit {
  /** Client address, IPv4 or IPv6 as text. */
  ip?: string | null;
  /** Account id from a login, an e-mail link or the preview; it beats the address. */
  account?: string | null;
  /** The page's whole address, with its query. */
  url?: string | null;
  referrer?: string | null;
  /** Unix seconds; a fraction is floored. Without it no schedule that has an end holds. */
  now?: number | null;
  visitor?: Visitor | null;
}

/** The account that the visitor works for: the part of it that a page may know. */
export interface AccountView {
  id: string;
  name: string;
  shortName: string | null;
  /** 1 one-to-one, 2 one-to-few, 3 one-to-many. */
  tier: number | null;
  stage: Stage | null;
  segments: string[];
}

/** How the account was found, or why none was. */
export interface Match {
  /** `hint`: the visit named the account. `none`: a miss, which is ordinary. */
  kind: "address" | "hint" | "none";
  /** The longest prefix that contains the address. */
  prefix: string | null;
  /** Where the prefix comes from, as `AS15465 Siemens AG`. */
  source: string | null;
  /** 0..100; `null` or 0 when nothing matched. */
  confidence: number | null;
  reason: string;
}

/** One change of one element. `html` was cleaned when the bundle was compiled. */
export type AppliedChange =
  | { kind: "text"; value: string }
  | { kind: "html"; value: string }
  | { kind: "attribute"; name: string; value: string };

/** A slot that leaves Default. Every element that `selector` matches gets the changes. */
export interface SlotChange {
  slot: string;
  selector: string;
  experience: string;
  variant: string;
  changes: AppliedChange[];
}

/** A creative for one placement: an image (`image`) or a text creative (`headline`). The first element that `selector` matches gets it. */
export interface Ad {
  placement: string;
  selector: string;
  label: string | null;
  lineItem: string;
  creative: string;
  /** CSS pixels. */
  width: number;
  height: number;
  link: string;
  alt: string;
  image: string | null;
  headline: string | null;
  body: string | null;
  cta: string | null;
}

/** A test that this visit takes part in: what a report counts. */
export interface Exposure {
  /** `*` for the holdout of the whole site. */
  experience: string;
  /** `null`: held out, so the page stays on Default to measure lift. */
  variant: string | null;
  unit: "account" | "visitor";
  /** 0..9999; `null` where there was nothing to draw. */
  bucket: number | null;
}

/** Why a slot or a placement shows what it shows. */
export interface Reason {
  /** Slot or placement; `*` when the whole decision stays on Default because something failed. */
  about: string;
  /** The experience or line item, `null` for Default. */
  chosen: string | null;
  text: string;
}

/** The answer for one visit. Slots and placements that stay on Default appear in `reasons` alone. */
export interface Decision {
  account: AccountView | null;
  match: Match;
  slots: SlotChange[];
  ads: Ad[];
  exposures: Exposure[];
  reasons: Reason[];
}

export type Outcome =
  | "chosen"
  | "outranked"
  | "no-match"
  | "not-scheduled"
  | "held-out"
  | "not-sampled"
  | "no-creative"
  | "low-confidence"
  | "control";

/** An experience or line item that wanted a slot or a placement, and what became of it. */
export interface Candidate {
  /** Slot or placement. */
  about: string;
  kind: "experience" | "lineItem";
  name: string;
  outcome: Outcome;
  /** A sentence; for a near miss "would match if `account.tier == 1`; it is 2". */
  text: string;
}

/** A decision together with everything that lost. */
export interface Explanation {
  decision: Decision;
  candidates: Candidate[];
}

export interface SlotEntry {
  name: string;
  selector: string;
  about: string | null;
}

export interface PlacementEntry {
  name: string;
  selector: string;
  /** In order of preference, as `300x250`. */
  sizes: string[];
  label: string | null;
}

export interface AccountEntry {
  id: string;
  name: string;
  shortName: string | null;
  industry: string | null;
  country: string | null;
  tier: number | null;
  stage: Stage | null;
}

/** What a bundle holds. For tools and previews: a page must never receive it. */
export interface SiteIndex {
  site: string;
  hosts: string[];
  slots: SlotEntry[];
  placements: PlacementEntry[];
  accounts: AccountEntry[];
  segments: string[];
  /** Names the bundle's content. */
  hash: string;
}
