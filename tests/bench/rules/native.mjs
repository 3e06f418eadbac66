// Conditions and contexts in the words of the native engines.

import { flat } from "./condition.mjs";
import { toUnleashContext } from "./unleash.mjs";

const quote = (value) => (typeof value === "string" ? `'${value}'` : String(value));

/**
 * As `a-tree` reads it. It knows no test of a text's beginning: a visit hands it every beginning of its path that a rule
 * may ask for, as a list.
 */
export function toAtree(condition) {
  const name = condition.field && flat(condition.field);
  switch (condition.op) {
    case "and":
    case "or":
      return `(${condition.of.map(toAtree).join(` ${condition.op} `)})`;
    case "eq":
      return `${name} = ${quote(condition.value)}`;
    case "in":
      return `${name} in (${condition.values.map(quote).join(", ")})`;
    case "cmp":
      return `${name} ${condition.sign} ${condition.value}`;
    case "starts":
      return `page_path_beginnings one of (${quote(condition.value)})`;
    case "includes":
      return `${name} one of (${quote(condition.value)})`;
    case "segment":
      return `account_segments one of (${quote(condition.name)})`;
    default:
      throw new Error(`no such condition: ${condition.op}`);
  }
}

export const toYggdrasilContext = toUnleashContext;
