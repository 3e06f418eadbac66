// Conditions as JSONLogic. `starts_with` is an operation that `datalogic-rs` knows and `json-logic-js` is taught.

import { flat } from "./condition.mjs";

export function toJsonLogic(condition) {
  const variable = condition.field && { var: flat(condition.field) };
  switch (condition.op) {
    case "and":
    case "or":
      return { [condition.op]: condition.of.map(toJsonLogic) };
    case "eq":
      return { "===": [variable, condition.value] };
    case "in":
      return { in: [variable, condition.values] };
    case "cmp":
      // Nothing is less than five in JavaScript: a missing number must be asked for.
      return condition.sign.startsWith("<")
        ? { and: [{ "!==": [variable, null] }, { [condition.sign]: [variable, condition.value] }] }
        : { [condition.sign]: [variable, condition.value] };
    case "starts":
      return { starts_with: [variable, condition.value] };
    case "includes":
      return { in: [condition.value, variable] };
    case "segment":
      return { in: [condition.name, { var: "account_segments" }] };
    default:
      throw new Error(`no such condition: ${condition.op}`);
  }
}
