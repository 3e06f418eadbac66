// What a page meets: the options, the one global or what `start` gives, and what it says of itself.

import type { Decision, Visitor } from "../src/types.ts";

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
}

/** What a page knows of its visitor. Without `language` it is the browser's. */
export type Facts = Visitor;

export interface Tag {
  /** Calls each function with this tag. A page may push before the tag has loaded, into an array of this name. */
  push(...uses: ((tag: Tag) => unknown)[]): void;
  /** Facts that only the page knows; decides anew. */
  set(facts: Facts): void;
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
  /** How many decisions there were: one, one for each navigation inside the page, one for each `set`. */
  decisions: number;
  /** Milliseconds since the navigation began at which a step was done; those that were not are missing. */
  times: { [step in Step]?: number };
  /** What became of each slot and placement of the last decision. */
  applied: Applied[];
}

export type Step = "start" | "config" | "slice" | "core" | "runtime" | "open" | "decide" | "apply";

export interface Failure {
  step: Step | "timeout";
  cause: string;
}

/** What became of one slot or placement on this page. */
export interface Applied {
  /** Slot or placement. */
  about: string;
  /** Number of elements changed; 0 when the page has none that the selector matches. */
  elements: number;
  /** Why the slot was left as authored, `null` when all went well. */
  problem: string | null;
}
