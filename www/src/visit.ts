// Reads a visit of unknown shape into plain values, so that no getter, proxy or foreign object reaches wasm. A field of the
// wrong type refuses the visit: acting on half of the facts would be worse than Default, and the reason names the field.
// Unknown keys are ignored.

import { describe } from "./fallback.ts";

/** A visit's values, in the order in which the core takes them. */
export interface Facts {
  ip: string | undefined;
  account: string | undefined;
  url: string | undefined;
  referrer: string | undefined;
  id: string | undefined;
  role: string | undefined;
  language: string | undefined;
  /** `NaN` when missing; so the next. */
  now: number;
  visits: number;
  /** What few visits have. */
  told: Told[] | undefined;
  attributes: Attribute[] | undefined;
}

/** A fact by the name that rules have for it. */
export type Told = readonly [name: string, value: string | number | boolean];

/** A field of an account, by its code, and its value. */
export type Attribute = readonly [code: number, value: string | number | readonly string[]];

/** A visit that cannot be read; the message is meant for the decision's reason. */
export class VisitProblem extends Error {}

export function readVisit(input: unknown): Facts {
  try {
    const from = readObject(input, "the visit");
    const visitor = from["visitor"];
    const person = visitor === undefined || visitor === null ? NOBODY : readObject(visitor, "`visitor`");
    return {
      ip: readText(from["ip"], "ip"),
      account: readText(from["account"], "account"),
      url: readText(from["url"], "url"),
      referrer: readText(from["referrer"], "referrer"),
      id: readText(person["id"], "visitor.id"),
      role: readText(person["role"], "visitor.role"),
      language: readText(person["language"], "visitor.language"),
      now: readInt(from["now"], "now"),
      visits: readInt(person["visits"], "visitor.visits"),
      told: readTold(from, person),
      attributes: readAttributes(from["attributes"]),
    };
  } catch (error) {
    throw error instanceof VisitProblem ? error : new VisitProblem(`the visit cannot be read: ${describe(error)}`);
  }
}

/** Reads each key by itself: in a loop over names, an engine that has met many looks each up anew. */
function readTold({ token, emailDomain, cookie }: Record<string, unknown>, from: Record<string, unknown>): Told[] | undefined {
  const { campaign, daysAway, device, timeZone, viewportWidth, visibility, custom, cookies } = from;
  const isKnown = token !== undefined || emailDomain !== undefined || cookie !== undefined;
  if (!isKnown && campaign === undefined && daysAway === undefined && device === undefined && timeZone === undefined && viewportWidth === undefined && visibility === undefined && custom === undefined && cookies === undefined) return undefined;
  const told: Told[] = [];
  const tell = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) told.push([name, value]);
  };
  tell("token", readText(token, "token"));
  tell("email_domain", readText(emailDomain, "emailDomain"));
  tell("cookie", readText(cookie, "cookie"));
  tell("visitor.campaign", readText(campaign, "visitor.campaign"));
  tell("visitor.days_away", readWhole(daysAway, "visitor.daysAway"));
  tell("visitor.device", readText(device, "visitor.device"));
  tell("visitor.time_zone", readText(timeZone, "visitor.timeZone"));
  tell("visitor.viewport_width", readWhole(viewportWidth, "visitor.viewportWidth"));
  tell("visitor.visibility", readText(visibility, "visitor.visibility"));
  const kept = cookies === undefined || cookies === null ? NOBODY : readObject(cookies, "`visitor.cookies`");
  for (const [name, value] of Object.entries(kept)) tell(`cookie.${name}`, readText(value, `visitor.cookies.${name}`));
  if (custom !== undefined && custom !== null) told.push(...readCustom(readObject(custom, "`visitor.custom`")));
  return told;
}

/** What nobody declared, or as another type, the core passes over. A number is cut to a whole one. */
function readCustom(from: Record<string, unknown>): Told[] {
  return Object.entries(from).flatMap(([name, value]): Told[] => {
    if (value === undefined || value === null) return [];
    if (typeof value === "string" || typeof value === "boolean") return [[`custom.${name}`, value]];
    if (typeof value !== "number") throw new VisitProblem(`\`visitor.custom.${name}\` is ${typeName(value)}; expected text, a number or a boolean`);
    const floored = Math.floor(value);
    return Number.isSafeInteger(floored) ? [[`custom.${name}`, floored]] : [];
  });
}

/** The fields of an account: each stands at its code, see `AccountField` in `src/model/account.rs`. */
const FIELDS = [
  ["id", readText], ["name", readText], ["shortName", readText], ["domains", readTexts], ["industry", readText],
  ["employees", readWhole], ["revenue", readWhole], ["country", readText], ["tier", readWhole], ["stage", readText],
  ["lifetimeValue", readWhole], ["intent", readWhole], ["technologies", readTexts], ["owner", readText], ["parent", readText],
] as const;

function readAttributes(value: unknown): Attribute[] | undefined {
  if (value === undefined || value === null) return undefined;
  const from = readObject(value, "`attributes`");
  const attributes: Attribute[] = [];
  for (let code = 0; code < FIELDS.length; code += 1) {
    const field = FIELDS[code]!;
    const given = from[field[0]];
    // Few fields of many are known, and to name one costs more than to read it.
    if (given === undefined) continue;
    const found = field[1](given, `attributes.${field[0]}`);
    if (found !== undefined) attributes.push([code, found]);
  }
  return attributes;
}

const NOBODY: Record<string, unknown> = Object.freeze(Object.create(null));

function readObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new VisitProblem(`${name} is ${typeName(value)}; expected an object`);
  return value as Record<string, unknown>;
}

function readText(value: unknown, name: string): string | undefined {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  throw new VisitProblem(`\`${name}\` is ${typeName(value)}; expected text`);
}

/** A whole number that JavaScript holds exactly, or `NaN` for none; a clock's fraction is dropped. */
function readInt(value: unknown, name: string): number {
  if (value === undefined || value === null) return Number.NaN;
  if (typeof value !== "number") throw new VisitProblem(`\`${name}\` is ${typeName(value)}; expected a number`);
  const floored = Math.floor(value);
  if (!Number.isSafeInteger(floored)) throw new VisitProblem(`\`${name}\` is ${value}; expected a whole number`);
  return floored;
}

function readWhole(value: unknown, name: string): number | undefined {
  const number = readInt(value, name);
  return Number.isNaN(number) ? undefined : number;
}

function readTexts(value: unknown, name: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new VisitProblem(`\`${name}\` is ${typeName(value)}; expected a list`);
  return Array.from(value, (item: unknown, at) => {
    if (typeof item !== "string") throw new VisitProblem(`\`${name}[${at}]\` is ${typeName(item)}; expected text`);
    return item;
  });
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === undefined) return "missing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
