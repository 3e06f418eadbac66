// Optimizely's SDK for Node, offline: a datafile in memory, no event processor.

import { createInstance, createStaticProjectConfigManager } from "@optimizely/optimizely-sdk";

import { flat } from "./condition.mjs";
import { inOrder } from "./modes.mjs";

export const packageName = "@optimizely/optimizely-sdk";
export const how = "`decideAll` without events or variables; `startsWith` as `substring`, lists as texts `;a;b;`";

const ATTRIBUTES = ["account_id", "account_industry", "account_employees", "account_tier", "account_stage", "account_technologies",
  "account_segments", "page_path", "page_utm_source", "page_utm_campaign", "visitor_visits", "visitor_role", "visitor_language"];

/** A flag is a roll-out of targeted deliveries, each to everybody of its condition. */
export function translate(rules, mode) {
  const flags = mode === "all" ? rules.map((rule) => ({ key: rule.name, rules: [rule] })) : inOrder(rules).map((own, slot) => ({ key: `slot-${slot}`, rules: own }));
  return JSON.stringify({
    version: "4",
    projectId: "1",
    accountId: "1",
    revision: "1",
    sdkKey: "bench",
    environmentKey: "bench",
    anonymizeIP: true,
    botFiltering: false,
    sendFlagDecisions: false,
    attributes: ATTRIBUTES.map((key) => ({ id: key, key })),
    audiences: [],
    typedAudiences: rules.map(({ name, when }) => ({ id: `a-${name}`, name: `a-${name}`, conditions: toCondition(when) })),
    featureFlags: flags.map(({ key }) => ({ id: key, key, rolloutId: `r-${key}`, experimentIds: [], variables: [] })),
    rollouts: flags.map(({ key, rules }) => ({ id: `r-${key}`, experiments: rules.map(({ name }) => delivery(key, name)) })),
    experiments: [],
    groups: [],
    events: [],
    variables: [],
    integrations: [],
    holdouts: [],
  });
}

const delivery = (flag, name) => ({
  id: `x-${name}`,
  key: `x-${name}`,
  status: "Running",
  layerId: `r-${flag}`,
  audienceIds: [`a-${name}`],
  audienceConditions: ["or", `a-${name}`],
  variations: [{ id: `v-${name}`, key: name, featureEnabled: true, variables: [] }],
  trafficAllocation: [{ entityId: `v-${name}`, endOfRange: 10000 }],
  forcedVariations: {},
});

export function toContext({ id, ...facts }) {
  const attributes = {};
  for (const [key, value] of Object.entries(facts)) attributes[key] = Array.isArray(value) ? `;${value.join(";")};` : value;
  return { id, attributes };
}

export async function open(payload) {
  const client = createInstance({ projectConfigManager: createStaticProjectConfigManager({ datafile: payload }), disposable: true });
  await client.onReady({ timeout: 120_000 });
  const options = ["DISABLE_DECISION_EVENT", "EXCLUDE_VARIABLES"];
  const names = JSON.parse(payload).featureFlags.map(({ key }) => key);
  return ({ id, attributes }) => {
    const decisions = client.createUserContext(id, attributes).decideAll(options);
    return names.map((name) => decisions[name].variationKey);
  };
}

const SIGNS = { "<": "lt", "<=": "le", ">": "gt", ">=": "ge" };

function toCondition(condition) {
  const one = (match, value) => ({ type: "custom_attribute", name: flat(condition.field ?? "account.segments"), match, value });
  switch (condition.op) {
    case "and":
    case "or":
      return [condition.op, ...condition.of.map(toCondition)];
    case "eq":
      return one("exact", condition.value);
    case "in":
      return ["or", ...condition.values.map((value) => one("exact", value))];
    case "cmp":
      return one(SIGNS[condition.sign], condition.value);
    case "starts":
      return one("substring", condition.value);
    case "includes":
      return one("substring", `;${condition.value};`);
    case "segment":
      return one("substring", `;${condition.name};`);
    default:
      throw new Error(`no such condition: ${condition.op}`);
  }
}
