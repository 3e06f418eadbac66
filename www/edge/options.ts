// What a site hands to `personalise` is looked at when the site is set up, and not when its first visitor comes.

import type { DeciderOptions, EdgeOptions, NpOptions } from "./index.ts";

interface Kind {
  expected: string;
  holds: (value: unknown) => boolean;
}

type Kinds = Readonly<Record<string, Kind>>;

const isFunction = (value: unknown) => typeof value === "function";
const isText = (value: unknown) => typeof value === "string";
const has = (value: unknown, method: string) => typeof value === "object" && value !== null && isFunction(Reflect.get(value, method));

const FUNCTION: Kind = { expected: "a function", holds: isFunction };
const TEXT: Kind = { expected: "a text or a function", holds: (value) => isText(value) || isFunction(value) };
const OBJECT: Kind = { expected: "an object", holds: (value) => typeof value === "object" && value !== null };

type KindsOf<Options> = { readonly [Name in keyof Required<Options>]: Kind };

/** The compiler holds that no option is left out. */
const DECIDER_OPTIONS: KindsOf<DeciderOptions> = {
  bundle: {
    expected: "an open bundle, the address of one, or a function that loads it",
    holds: (value) => isText(value) || isFunction(value) || value instanceof URL || has(value, "decide"),
  },
  clientAddress: TEXT,
  socket: FUNCTION,
  nat64: { expected: "a list of prefixes", holds: (value) => Array.isArray(value) && value.every(isText) },
  load: OBJECT,
  database: {
    expected: "a database, `{ from, open }`, a list of them, or a function that loads them",
    holds: (value) => isFunction(value) || [value].flat().every((one) => has(one, "described") || (has(one, "open") && Reflect.has(one as object, "from"))),
  },
  refreshSeconds: { expected: "a number of seconds, 0 or more", holds: (value) => typeof value === "number" && value >= 0 },
  tokenKey: TEXT,
  keepToken: FUNCTION,
  readCookies: FUNCTION,
  np: OBJECT,
  report: FUNCTION,
};

const OPTIONS: KindsOf<EdgeOptions> = {
  ...DECIDER_OPTIONS,
  origin: FUNCTION,
  cache: { expected: "a cache or a function", holds: (value) => isFunction(value) || (has(value, "match") && has(value, "put")) },
  packing: { expected: "what packs and unpacks, as `packing` of `nameplate/node`", holds: (value) => has(value, "packed") && has(value, "unpacked") },
  serverTiming: { expected: "true or false", holds: (value) => typeof value === "boolean" },
};

const NP_OPTIONS: KindsOf<NpOptions> = { files: FUNCTION, events: FUNCTION, sign: TEXT, key: TEXT };

/** Throws for an option that is missing, unknown, or not what it has to be. No value is told: some are secret. */
export function checkOptions<Rest extends unknown[]>(options: EdgeOptions<Rest>): void {
  checkAll(options, OPTIONS, ["bundle", "origin", "clientAddress"]);
}

/** The same where the handler asks no origin; `others` are its own. */
export function checkDeciderOptions<Rest extends unknown[]>(options: DeciderOptions<Rest>, others: Kinds = {}): void {
  checkAll(options, { ...DECIDER_OPTIONS, ...others }, ["bundle", "clientAddress"]);
}

function checkAll<Rest extends unknown[]>(options: DeciderOptions<Rest>, kinds: Kinds, required: readonly string[]): void {
  check(options, kinds, "", required);
  if (options.np !== undefined) check(options.np, NP_OPTIONS, "np.", []);
}

function check(given: object, kinds: Kinds, within: string, required: readonly string[]): void {
  for (const name of required) {
    if (Reflect.get(given, name) === undefined) throw new Error(`expected the option \`${within}${name}\`: ${kinds[name]?.expected}`);
  }
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new Error(`no option \`${within}${name}\`; there are ${Object.keys(kinds).join(", ")}`);
    if (value !== undefined && !kind.holds(value)) throw new Error(`expected \`${within}${name}\` to be ${kind.expected}, found ${named(value)}`);
  }
}

function named(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}
