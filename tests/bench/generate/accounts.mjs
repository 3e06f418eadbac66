// Accounts: real organisations with their real prefixes, and columns of a CRM that are invented, all of them. Who wants more
// accounts than the table has organisations gets invented ones behind them.

import { random } from "./random.mjs";
import { isPublic } from "./addresses.mjs";

export const INDUSTRIES = [
  "Aerospace and defence", "Automotive", "Banking", "Chemicals", "Consumer goods", "Education", "Energy and utilities",
  "Healthcare providers", "Industrial manufacturing", "Insurance", "Life sciences", "Media", "Metals and mining",
  "Public sector", "Retail", "Software", "Telecommunications", "Transport and logistics",
];
export const STAGES = { target: 40, awareness: 20, consideration: 14, decision: 8, customer: 12, expansion: 4, "at-risk": 2 };
export const TECHNOLOGIES = Array.from({ length: 40 }, (_, at) =>
  `${["data", "cloud", "edge", "plant", "sales"][at % 5]}-${["lake", "mesh", "hub", "desk", "flow", "grid", "vault", "board"][at >> 3]}`,
).map((name, at) => `${name}-${at}`);
const COUNTRIES = ["Belgium", "Brazil", "Canada", "France", "Germany", "India", "Italy", "Japan", "Netherlands", "Poland",
  "Singapore", "Spain", "Sweden", "Switzerland", "United Kingdom", "United States"];
const OWNERS = Array.from({ length: 24 }, (_, at) => `Owner ${at + 1}`);

/** Longest id, characters: `geoip-lite` keeps at most 46 of a city's name, and the id is what it is given as one. */
const ID_CHAR_MAX = 44;
const ID = /[^a-z0-9]+/g;

/** `count` accounts; a smaller set is the beginning of a larger one. Each `{ id, name, ..., prefixes }`. */
export function accounts(organisations, count) {
  const drawn = random("accounts").shuffle([...organisations]);
  const taken = new Set();
  const found = [];
  for (let at = 0; found.length < count; at++) {
    const { name, asn, v4, v6 } = drawn[at] ?? inventedOrganisation(at);
    const prefixes = [...v4, ...v6].filter(isPublic);
    if (prefixes.length === 0) continue;
    found.push({ ...invented(name, uniqueId(name, taken)), source: `AS${asn} ${name}`.slice(0, 200), prefixes });
  }
  return found;
}

/** One to three prefixes narrower than any that is announced, so that no real one is taken. */
function inventedOrganisation(at) {
  const dice = random("organisation", at);
  const v4 = Array.from({ length: dice.int(1, 3) }, () => ({ bits: (dice.next() & ~15) >>> 0, length: 28 }));
  return { name: `Invented ${at}`, asn: 64496 + (at % 16), v4, v6: [] };
}

function uniqueId(name, taken) {
  const base = name.toLowerCase().replaceAll(ID, "-").replaceAll(/^-|-$/g, "").slice(0, ID_CHAR_MAX - 6) || "account";
  let id = base;
  for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
  taken.add(id);
  return id;
}

/** Every twentieth cell is empty, as in any export; a column that rules compare with `<` is among them. */
function invented(name, id) {
  const dice = random("account", id);
  const cell = (value) => (dice.chance(0.05) ? null : value);
  const employees = Math.round(10 ** (1.5 + dice.float() * 3.5));
  return {
    id,
    name,
    short_name: name.split(/[\s,]+/)[0],
    domains: [`${id}.example`],
    industry: cell(dice.pick(INDUSTRIES)),
    employees: cell(employees),
    revenue: cell(employees * dice.int(80, 400) * 1000),
    country: cell(dice.pick(COUNTRIES)),
    tier: Number(dice.weighted({ 1: 5, 2: 20, 3: 75 })),
    stage: cell(dice.weighted(STAGES)),
    lifetime_value: cell(dice.int(1, 500) * 10_000),
    intent: cell(dice.int(0, 100)),
    technologies: dice.sample(TECHNOLOGIES, dice.int(0, 5)).sort(),
    owner: cell(dice.pick(OWNERS)),
  };
}

/** Every prefix once, ascending, IPv4 first: `{ bits, length, account, source }`, `account` as a position. */
export function networks(accounts) {
  const found = new Map();
  accounts.forEach(({ prefixes, source }, account) => {
    for (const { bits, length } of prefixes) {
      const key = `${typeof bits}${bits}/${length}`;
      if (!found.has(key)) found.set(key, { bits, length, account, source });
    }
  });
  const family = ({ bits }) => (typeof bits === "bigint" ? 1 : 0);
  return [...found.values()].sort(
    (a, b) => family(a) - family(b) || (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : a.length - b.length),
  );
}
