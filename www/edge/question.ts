// The visit that `/np/decide` is asked about, as `src/serve/visit.rs` has it: here an unknown key is a typing mistake.

import type { Visit } from "../src/index.ts";
import { readVisit, VisitProblem } from "../src/visit.ts";
import { Problem } from "./events.ts";

const KEYS: Record<string, string[]> = {
  "": ["ip", "token", "account", "emailDomain", "cookie", "attributes", "url", "referrer", "now", "visitor"],
  visitor: ["id", "visits", "role", "campaign", "language", "daysAway", "device", "timeZone", "viewportWidth", "visibility", "custom", "cookies"],
  attributes: [
    "id", "name", "shortName", "domains", "industry", "employees", "revenue", "country", "tier", "stage", "lifetimeValue", "intent", "technologies", "owner",
    "parent",
  ],
};

/** Throws a `Problem` that says what is wrong with it, without its values. */
export function readQuestion(text: string): Visit {
  const visit = parse(text);
  if (typeof visit !== "object" || visit === null || Array.isArray(visit)) throw new Problem("not a visit: expected an object");
  for (const [part, keys] of Object.entries(KEYS)) {
    const object: unknown = part === "" ? visit : (visit as Record<string, unknown>)[part];
    const unknown = Object.keys(object ?? {}).find((key) => !keys.includes(key));
    if (unknown !== undefined) throw new Problem(`not a visit: unknown field \`${unknown}\``);
  }
  try {
    readVisit(visit);
  } catch (error) {
    throw error instanceof VisitProblem ? new Problem(`not a visit: ${error.message}`) : error;
  }
  return visit;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
