// Conditions as data, so that one and the same can be written in every engine's language.
//
// A condition is { op: "and" | "or", of: [...] } or an atom: { op: "eq" | "in" | "cmp" | "starts" | "includes" | "segment" }.
// Fields are ours (`account.tier`); an engine is handed them with `_` for `.`, all on one level. No atom is negated: what
// a missing value means under negation differs from engine to engine, and CEL's answer is the least common.

/** Whether `condition` holds for a context. The judge of every engine, ours included. */
export function holds(condition, context) {
  const value = condition.field && context[flat(condition.field)];
  switch (condition.op) {
    case "and":
      return condition.of.every((part) => holds(part, context));
    case "or":
      return condition.of.some((part) => holds(part, context));
    case "eq":
      return value === condition.value;
    case "in":
      return condition.values.includes(value);
    case "cmp":
      return typeof value === "number" && compare(value, condition.sign, condition.value);
    case "starts":
      return typeof value === "string" && value.startsWith(condition.value);
    case "includes":
      return Array.isArray(value) && value.includes(condition.value);
    case "segment":
      return (context.account_segments ?? []).includes(condition.name);
    default:
      throw new Error(`no such condition: ${condition.op}`);
  }
}

export function compare(left, sign, right) {
  if (sign === "<") return left < right;
  if (sign === "<=") return left <= right;
  if (sign === ">") return left > right;
  return left >= right;
}

/** `account.tier` as engines get it. */
export const flat = (field) => field.replace(".", "_");

/** As a marketer writes it. */
export function toCel(condition) {
  const text = JSON.stringify;
  switch (condition.op) {
    case "and":
      return condition.of.map((part) => (part.op === "or" ? `(${toCel(part)})` : toCel(part))).join(" && ");
    case "or":
      return condition.of.map((part) => (part.op === "and" ? `(${toCel(part)})` : toCel(part))).join(" || ");
    case "eq":
      return `${condition.field} == ${text(condition.value)}`;
    case "in":
      return `${condition.field} in [${condition.values.map((value) => text(value)).join(", ")}]`;
    case "cmp":
      return `${condition.field} ${condition.sign} ${condition.value}`;
    case "starts":
      return `${condition.field}.startsWith(${text(condition.value)})`;
    case "includes":
      return `${text(condition.value)} in ${condition.field}`;
    case "segment":
      return `in_segment(${text(condition.name)})`;
    default:
      throw new Error(`no such condition: ${condition.op}`);
  }
}

/** The same as an OR of ANDs, for engines that know no other nesting: a list of lists of atoms. */
export function clauses(condition) {
  switch (condition.op) {
    case "and":
      return condition.of.reduce(
        (left, part) => left.flatMap((atoms) => clauses(part).map((more) => [...atoms, ...more])),
        [[]],
      );
    case "or":
      return condition.of.flatMap(clauses);
    default:
      return [[condition]];
  }
}
