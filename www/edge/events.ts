// Events as pages send them, as `src/serve/decision/event.rs` has it: an array of flat objects, each with an `id` and a `type`. What else
// they hold is for those who read them. Only what could be an address is taken out, whoever put it there.

import type { PageEvent } from "./index.ts";

const EVENT_MAX = 256;
const KEY_MAX = 32;
const TEXT_BYTE_MAX = 1_024;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const KEY = /^[A-Za-z0-9_]{1,32}$/;

const encoder = new TextEncoder();

/** What is wrong with a request; the message is for the page's author, and holds no value. */
export class Problem extends Error {}

/** The events in the text of a request. Of who objects to be known, `account` is left out. Throws a `Problem` at the first that is none. */
export function readEvents(text: string, now: number, objects: boolean, masked: (text: string) => string): PageEvent[] {
  const events = parse(text);
  if (!Array.isArray(events)) throw new Problem("expected an array of events");
  if (events.length > EVENT_MAX) throw new Problem(`expected at most ${EVENT_MAX} events, found ${events.length}`);
  return events.map((event: unknown, index) => {
    const wrong = (problem: string) => new Problem(`event ${index + 1}: ${problem}`);
    if (typeof event !== "object" || event === null || Array.isArray(event)) throw wrong("expected an object");
    const problem = problemOf(event as Record<string, unknown>);
    if (problem !== null) throw wrong(problem);
    const said = Object.entries(event).filter(([key]) => !(objects && key === "account"));
    const kept = said.map(([key, value]: [string, unknown]) => [key, typeof value === "string" ? masked(value) : value]);
    return { ...(Object.fromEntries(kept) as PageEvent), received: now };
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problemOf(event: Record<string, unknown>): string | null {
  const entries = Object.entries(event);
  if (entries.length > KEY_MAX) return `expected at most ${KEY_MAX} keys`;
  for (const key of ["id", "type"]) {
    const value = Object.hasOwn(event, key) ? event[key] : undefined;
    if (typeof value !== "string" || !NAME.test(value)) return `expected \`${key}\`, 1 to 64 of \`A-Z a-z 0-9 - _\``;
  }
  for (const [key, value] of entries) {
    if (!KEY.test(key)) return "expected keys of 1 to 32 of `A-Z a-z 0-9 _`";
    if (typeof value === "string" && encoder.encode(value).length > TEXT_BYTE_MAX) return `\`${key}\`: expected at most ${TEXT_BYTE_MAX} bytes`;
    if (typeof value === "object" && value !== null) return `\`${key}\`: expected a text, a number, a boolean or null`;
  }
  return null;
}
