// LaunchDarkly's SDK for Node servers, offline: flags from `TestData`, no events.

import { init } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";

import { clauses, flat } from "./condition.mjs";
import { inOrder } from "./modes.mjs";

export const packageName = "@launchdarkly/node-server-sdk";
export const how = "`allFlagsState` for all rules, `variation` for every slot, awaited; flags from `TestData`, no events";
export const isAsync = true;

export function translate(rules, mode) {
  const flags = mode === "all" ? rules.map((rule) => flag(rule.name, [rule])) : inOrder(rules).map((own, slot) => flag(`slot-${slot}`, own));
  return JSON.stringify(flags);
}

export const toContext = ({ id, ...facts }) => ({ kind: "user", key: id, ...facts });

export async function open(payload, mode) {
  const data = new TestData();
  const names = [];
  for (const one of JSON.parse(payload)) {
    names.push(one.key);
    data.usePreconfiguredFlag(one);
  }
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  const client = init("bench", { updateProcessor: data.getFactory(), sendEvents: false, diagnosticOptOut: true, logger: quiet });
  await client.waitForInitialization({ timeout: 60 });
  if (mode === "all") {
    return async (context) => {
      const values = (await client.allFlagsState(context)).allValues();
      return names.map((name) => values[name]);
    };
  }
  return async (context) => {
    const found = [];
    for (const name of names) found.push(await client.variation(name, context, null));
    return found;
  };
}

/** A clause list is an AND, several rules are an OR; the last variation is "nothing". */
function flag(key, rules) {
  return {
    key,
    version: 1,
    on: true,
    targets: [],
    contextTargets: [],
    prerequisites: [],
    rules: rules.flatMap(({ name, when }, at) =>
      clauses(when).map((atoms, part) => ({ id: `${name}-${part}`, variation: at, clauses: atoms.map(clause), trackEvents: false })),
    ),
    variations: [...rules.map(({ name }) => name), null],
    fallthrough: { variation: rules.length },
    offVariation: rules.length,
    salt: key,
    clientSide: false,
    trackEvents: false,
    trackEventsFallthrough: false,
    debugEventsUntilDate: null,
    deleted: false,
  };
}

const SIGNS = { "<": "lessThan", "<=": "lessThanOrEqual", ">": "greaterThan", ">=": "greaterThanOrEqual" };

function clause(atom) {
  const one = (op, values) => ({ contextKind: "user", attribute: flat(atom.field ?? "account.segments"), op, values, negate: false });
  switch (atom.op) {
    case "eq":
    case "includes":
      return one("in", [atom.value]);
    case "in":
      return one("in", atom.values);
    case "cmp":
      return one(SIGNS[atom.sign], [atom.value]);
    case "starts":
      return one("startsWith", [atom.value]);
    case "segment":
      return one("in", [atom.name]);
    default:
      throw new Error(`no such atom: ${atom.op}`);
  }
}
