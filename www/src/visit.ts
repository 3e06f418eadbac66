// Reads a visit of unknown shape into plain data, so that no getter, proxy or foreign object reaches wasm. A field of the
// wrong type refuses the visit: acting on half of the facts would be worse than Default, and the reason names the field.
// Unknown keys are ignored.

import { describe } from "./fallback.ts";
import type { Visit, Visitor } from "./types.ts";

/** A visit that cannot be read; the message is meant for the decision's reason. */
export class VisitProblem extends Error {}

export function readVisit(input: unknown): Visit {
  try {
    const from = readObject(input, "the visit");
    const visit: Visit = {};
    for (const key of ["ip", "account", "url", "referrer"] as const) {
      const value = readText(from[key], key);
      if (value !== undefined) visit[key] = value;
    }
    const now = readInt(from["now"], "now");
    if (now !== undefined) visit.now = now;
    if (isPresent(from["visitor"])) visit.visitor = readVisitor(readObject(from["visitor"], "`visitor`"));
    return visit;
  } catch (error) {
    throw error instanceof VisitProblem ? error : new VisitProblem(`the visit cannot be read: ${describe(error)}`);
  }
}

function readVisitor(from: Record<string, unknown>): Visitor {
  const visitor: Visitor = {};
  for (const key of ["id", "role", "language"] as const) {
    const value = readText(from[key], `visitor.${key}`);
    if (value !== undefined) visitor[key] = value;
  }
  const visits = readInt(from["visits"], "visitor.visits");
  if (visits !== undefined) visitor.visits = visits;
  return visitor;
}

function readObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new VisitProblem(`${name} is ${typeName(value)}; expected an object`);
  return value as Record<string, unknown>;
}

function readText(value: unknown, name: string): string | undefined {
  if (!isPresent(value)) return undefined;
  if (typeof value !== "string") throw new VisitProblem(`\`${name}\` is ${typeName(value)}; expected text`);
  return value;
}

/** A whole number that JavaScript holds exactly; a clock's fraction is dropped. */
function readInt(value: unknown, name: string): number | undefined {
  if (!isPresent(value)) return undefined;
  if (typeof value !== "number") throw new VisitProblem(`\`${name}\` is ${typeName(value)}; expected a number`);
  const floored = Math.floor(value);
  if (!Number.isSafeInteger(floored)) throw new VisitProblem(`\`${name}\` is ${value}; expected a whole number`);
  return floored;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === undefined) return "missing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
