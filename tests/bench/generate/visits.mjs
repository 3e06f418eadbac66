// Page views, and what an engine that finds no account by itself is told of each: the account's columns and segments, and
// the URL taken apart.

import { random } from "./random.mjs";
import { formatV4, formatV6, isPublic } from "./addresses.mjs";
import { CAMPAIGNS, LANGUAGES, PATHS, ROLES, SEGMENTS, SOURCES } from "./rules.mjs";
import { holds } from "../rules/condition.mjs";

/** 23 September 2026. No rule reads the clock. */
export const NOW = 1_790_000_000;

/** `count` visits: `{ visit, context, account }`. `kind` is `known` (the address is an account's) or `stranger`. */
export function visits(kind, count, { accounts, networks, judge }) {
  const dice = random("visits", kind, count, accounts.length);
  return Array.from({ length: count }, () => {
    const bits = kind === "known" ? addressIn(dice.pick(networks), dice) : strangerAddress(dice, judge);
    const found = judge.find(bits);
    const account = found === null ? null : accounts[found];
    const path = dice.pick(PATHS);
    const utm = dice.chance(0.2) ? { source: dice.pick(SOURCES), campaign: dice.pick(CAMPAIGNS) } : null;
    const query = utm ? `?utm_source=${utm.source}&utm_campaign=${utm.campaign}` : "";
    const visitor = { id: `v-${dice.int(0, 999_999)}`, visits: dice.int(1, 9), language: dice.pick(LANGUAGES) };
    if (account && dice.chance(0.4)) visitor.role = dice.pick(ROLES);
    return {
      visit: {
        ip: typeof bits === "bigint" ? formatV6(bits) : formatV4(bits),
        url: `https://www.tidewater.example${path}${query}`,
        referrer: "https://search.example/",
        now: NOW,
        visitor,
      },
      context: contextOf(account, path, utm, visitor),
      account: account?.id ?? null,
    };
  });
}

const OWN_NAMES = { lifetime_value: "lifetimeValue" };
const DESCRIBING = ["id", "industry", "employees", "revenue", "country", "tier", "stage", "lifetime_value", "intent", "technologies"];

/** The same visits, but the caller tells what he knows of the company in the place of an address: no class was made for it. */
export function described(known) {
  return known.map(({ visit: { ip, ...visit }, context, account }) => {
    const told = DESCRIBING.map((field) => [OWN_NAMES[field] ?? field, context[`account_${field}`]]).filter(([, value]) => value !== undefined);
    return { visit: { ...visit, attributes: Object.fromEntries(told) }, context, account };
  });
}

/** The facts on one level, without those that are missing. */
function contextOf(account, path, utm, visitor) {
  const context = { id: account?.id ?? visitor.id };
  for (const field of ["id", "industry", "employees", "revenue", "country", "tier", "stage", "lifetime_value", "intent"]) {
    if (account && account[field] !== null) context[`account_${field}`] = account[field];
  }
  if (account) {
    context.account_technologies = account.technologies;
    context.account_segments = segmentsOf(account);
  }
  Object.assign(context, { page_path: path, visitor_visits: visitor.visits, visitor_language: visitor.language });
  if (visitor.role) context.visitor_role = visitor.role;
  if (utm) Object.assign(context, { page_utm_source: utm.source, page_utm_campaign: utm.campaign });
  return context;
}

function segmentsOf(account) {
  const facts = Object.fromEntries(Object.entries(account).filter(([, value]) => value !== null).map(([key, value]) => [`account_${key}`, value]));
  return Object.keys(SEGMENTS).filter((name) => holds(SEGMENTS[name], facts)).sort();
}

/** A random address of a prefix. */
export function addressIn({ bits, length }, dice) {
  if (typeof bits === "number") return bits + Math.floor(dice.float() * 2 ** (32 - length));
  let host = 0n;
  for (let part = 0; part < 4; part++) host = (host << 32n) | BigInt(dice.next());
  return bits | (host & ((1n << BigInt(128 - length)) - 1n));
}

function strangerAddress(dice, judge) {
  for (;;) {
    const bits = dice.next();
    if (isPublic({ bits, length: 32 }) && judge.find(bits) === null) return bits;
  }
}
