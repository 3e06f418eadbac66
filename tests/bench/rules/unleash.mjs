// Conditions as Unleash feature toggles: a strategy an AND, several strategies an OR. Context values are texts there; a list
// becomes `;a;b;` and is searched.
//
// In mode `all` a toggle is a rule; in mode `first` a toggle is a slot, its strategies the rules in the order in which they
// compete, each with a variant that names the rule.

import { clauses, flat } from "./condition.mjs";
import { inOrder } from "./modes.mjs";

const NUMBERS = { "<": "NUM_LT", "<=": "NUM_LTE", ">": "NUM_GT", ">=": "NUM_GTE" };

export function toFeatures(rules, mode) {
  const strategies = ({ name, when }) =>
    clauses(when).map((atoms) => ({
      name: "default",
      parameters: { groupId: name, stickiness: "default" },
      constraints: atoms.map(constraint),
      variants: mode === "first" ? [{ name, weight: 1000, stickiness: "default", payload: { type: "string", value: name } }] : [],
    }));
  const feature = (name, strategies) => ({ name, type: "release", project: "default", enabled: true, stale: false, impressionData: false, variants: [], strategies });
  const features =
    mode === "all"
      ? rules.map((rule) => feature(rule.name, strategies(rule)))
      : inOrder(rules).map((own, slot) => feature(`slot-${slot}`, own.flatMap(strategies)));
  return { version: 2, features, segments: [] };
}

function constraint(atom) {
  const contextName = flat(atom.field ?? "account.segments");
  const common = { contextName, inverted: false, caseInsensitive: false };
  switch (atom.op) {
    case "eq":
      return typeof atom.value === "number"
        ? { ...common, operator: "NUM_EQ", values: [], value: String(atom.value) }
        : { ...common, operator: "IN", values: [atom.value] };
    case "in":
      return { ...common, operator: "IN", values: atom.values.map(String) };
    case "cmp":
      return { ...common, operator: NUMBERS[atom.sign], values: [], value: String(atom.value) };
    case "starts":
      return { ...common, operator: "STR_STARTS_WITH", values: [atom.value] };
    case "includes":
      return { ...common, operator: "STR_CONTAINS", values: [`;${atom.value};`] };
    case "segment":
      return { ...common, operator: "STR_CONTAINS", values: [`;${atom.name};`] };
    default:
      throw new Error(`no such atom: ${atom.op}`);
  }
}

/** A context as Unleash takes it. */
export function toUnleashContext({ id, ...facts }) {
  const properties = {};
  for (const [key, value] of Object.entries(facts)) properties[key] = Array.isArray(value) ? `;${value.join(";")};` : String(value);
  return { userId: id, properties };
}
