// What a page meets: the options, the one global or what `start` gives, and what it says of itself.

import type { Decision, Visitor } from "../src/types.ts";

/**
 * What the visitor agrees to. `storage`: keep visits and a pseudonym in the browser. `ads`: choose ads by the account, and tell ad
 * servers. `measurement`: tell of what was shown, and to whom.
 */
export interface Consent {
  storage: boolean;
  ads: boolean;
  measurement: boolean;
}

/** All optional. On a script tag `timeout` is `data-np-timeout`, and so on. */
export interface TagOptions {
  /** Folder of the tag's files, and of the slice. The folder of the script tag's own `src`, or `/np/`. */
  base?: string;
  /** Address of the slice. `slice` below `base`. */
  slice?: string;
  /** Milliseconds until the page stays as it is. 2,000. */
  timeout?: number;
  /** Milliseconds that a slot may come later than the decision. 5,000. */
  wait?: number;
  /** `js`: do not try WebAssembly. Where a policy forbids it, trying is reported as a violation. `auto`. */
  core?: "auto" | "js";
  /** Address of the server that takes events. `events` below `base`. */
  events?: string;
  /** `granted`: the site needs to ask nobody, or has asked before. Else platforms are listened to, and `consent` says the rest. */
  consent?: "granted";
  /** Other software of the page that is told: `datalayer`, `analytics`, `gpt`, `prebid`, with spaces between. None. */
  adapters?: string;
  /** Who is told the account's id, with consent: nobody, the server of the events, or the adapters too. `none`. */
  account?: "none" | "events" | "all";
  /** Take only slices that one of these has signed: public keys as `nameplate keygen` writes them, with spaces between. Any slice. */
  key?: string;
}

/**
 * What a page knows of its visitor, and whatever else it wants to have at hand: texts, numbers and booleans, 32 at most; `null` takes
 * one back. Without `language` it is the browser's. Rules read what a visitor has; the rest is for the page's own code.
 */
export type Facts = Pick<Visitor, "id" | "visits" | "role" | "language"> & { account?: never; [name: string]: string | number | boolean | null | undefined };

/** The facts of a page view. */
export interface PageFacts {
  url: string;
  path: string;
  /** `null` when there was no page before, or it does not say. */
  referrer: string | null;
  /** `utm_source` of the address is `source`, and so on. */
  utm: Record<string, string>;
  language: string;
  device: "phone" | "tablet" | "desktop";
  timeZone: string;
  /** CSS pixels. */
  viewport: { width: number; height: number };
  visibility: "visible" | "hidden";
  /** `null`: not known, as always without consent to storage, unless the page tells. */
  visits: number | null;
  /** Since the visit before this one; `null` when there was none, or it is not known. */
  daysAway: number | null;
  role: string | null;
  custom: Record<string, string | number | boolean>;
}

export interface Tag {
  /** Calls each function with this tag. A page may push before the tag has loaded, into an array of this name. */
  push(...uses: ((tag: Tag) => unknown)[]): void;
  /** Facts that only the page knows; decides anew. */
  set(facts: Facts): void;
  /** What the visitor has agreed to, for the purposes that are named; it beats what consent platforms say. Decides anew. */
  consent(consent: Partial<Consent>): void;
  /** A goal was reached, with what it is worth. */
  track(name: string, value?: number): void;
  /** The facts of this page view; `null` before the tag has loaded. */
  facts(): PageFacts | null;
  /** The decision in force, `null` as long as there is none. */
  decision(): Decision | null;
  /** Puts the page back as its author wrote it, and leaves it alone. */
  stop(): void;
  diagnose(): Diagnosis;
}

export interface Diagnosis {
  version: string;
  /** `default`: the page is as its author wrote it, see `failure`. `stopped`: it was put back by `stop()`. */
  state: "loading" | "decided" | "default" | "stopped";
  failure: Failure | null;
  /** Which core decides. */
  core: "wasm" | "js" | null;
  /** Where the slice came from. */
  slice: "inline" | "request" | null;
  /** What the visitor has agreed to, as the last decision took it; `null` before the first. */
  consent: Consent | null;
  /** How many decisions there were: one, one for each navigation inside the page, one for each `set`. */
  decisions: number;
  /** Milliseconds since the navigation began at which a step was done; those that were not are missing. */
  times: { [step in Step]?: number };
  /** Options that nobody heeds: their name or value is unknown. */
  ignored: string[];
  /** What became of each slot and placement of the last decision. */
  applied: Applied[];
}

export type Step = "start" | "config" | "slice" | "core" | "runtime" | "open" | "consent" | "decide" | "apply";

export interface Failure {
  step: Step | "timeout";
  cause: string;
}

/** What became of one slot or placement on this page. */
export interface Applied {
  /** Slot or placement. */
  about: string;
  /** Number of elements changed; 0 when the page has none that the selector matches, or an ad waits for consent. */
  elements: number;
  /** Why the slot was left as authored, `null` when all went well. */
  problem: string | null;
}
