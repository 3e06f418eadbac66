// Nameplate from JavaScript: a visit in, a whole decision out. It finds the account by the address, draws tests, renders
// content and chooses ads as well; no peer is asked for that.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { DIST } from "../lib/places.mjs";
import { SLOTS } from "../generate/rules.mjs";

export const packageName = null;
export const how = "`decide`: address to account, slots with content, ads, exposures, reasons";

export async function load(folder) {
  const { Nameplate } = await import(pathToFileURL(join(DIST, "lib/node.js")).href);
  return Nameplate.load(readFileSync(join(folder, "site.npb")));
}

/** What of a decision is compared: the experience of each slot. A variant that keeps Default is not of our sets. */
export function winners(decision) {
  const found = SLOTS.map(() => null);
  for (const { slot, experience } of decision.slots) found[SLOTS.indexOf(slot)] = experience;
  return found;
}

/** The rules that hold, by what `explain` says of every candidate. */
export function matching(explanation) {
  const holding = new Set(["chosen", "outranked", "control", "held-out", "not-sampled"]);
  return explanation.candidates.filter(({ kind, outcome }) => kind === "experience" && holding.has(outcome)).map(({ name }) => name);
}
