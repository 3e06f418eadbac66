// GrowthBook's SDK for servers: one client, a user context a visit.

import { GrowthBookClient } from "@growthbook/growthbook";

import { flat } from "./condition.mjs";
import { inOrder } from "./modes.mjs";

export const packageName = "@growthbook/growthbook";
export const how = "`GrowthBookClient.evalFeature` with a user context";

export function translate(rules, mode) {
  const rule = ({ name, when }) => ({ condition: toCondition(when), force: name });
  const features = {};
  if (mode === "all") for (const own of rules) features[own.name] = { defaultValue: null, rules: [rule(own)] };
  else inOrder(rules).forEach((own, slot) => (features[`slot-${slot}`] = { defaultValue: null, rules: own.map(rule) }));
  return JSON.stringify({ features });
}

export const toContext = (context) => ({ attributes: context });

export function open(payload) {
  const client = new GrowthBookClient().initSync({ payload: JSON.parse(payload) });
  const names = Object.keys(client.getFeatures());
  return (context) => names.map((name) => client.evalFeature(name, context).value);
}

const SIGNS = { "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte" };
const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

function toCondition(condition) {
  const field = condition.field && flat(condition.field);
  switch (condition.op) {
    case "and":
      return { $and: condition.of.map(toCondition) };
    case "or":
      return { $or: condition.of.map(toCondition) };
    case "eq":
      return { [field]: condition.value };
    case "in":
      return { [field]: { $in: condition.values } };
    case "cmp":
      // What is missing is `null` there, and `null` is less than five.
      return { [field]: { ...(condition.sign.startsWith("<") && { $exists: true }), [SIGNS[condition.sign]]: condition.value } };
    case "starts":
      return { [field]: { $regex: `^${escape(condition.value)}` } };
    case "includes":
      return { [field]: { $elemMatch: { $eq: condition.value } } };
    case "segment":
      return { account_segments: { $elemMatch: { $eq: condition.name } } };
    default:
      throw new Error(`no such condition: ${condition.op}`);
  }
}
