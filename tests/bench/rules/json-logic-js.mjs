// json-logic-js: expressions as data, interpreted anew for every visit.

import jsonLogic from "json-logic-js";

import { toJsonLogic } from "./jsonlogic.mjs";
import { inOrder } from "./modes.mjs";

export const packageName = "json-logic-js";
export const how = "`apply` for every rule; `starts_with` added as an operation";

export const translate = (rules, mode) =>
  JSON.stringify((mode === "all" ? [rules] : inOrder(rules)).map((own) => own.map(({ name, when }) => ({ name, when: toJsonLogic(when) }))));

export const toContext = (context) => context;

export function open(payload, mode) {
  jsonLogic.add_operation("starts_with", (text, start) => typeof text === "string" && text.startsWith(start));
  const lists = JSON.parse(payload);
  if (mode === "all") return (context) => lists[0].map(({ name, when }) => (jsonLogic.apply(when, context) ? name : null));
  return (context) => lists.map((rules) => rules.find(({ when }) => jsonLogic.apply(when, context))?.name ?? null);
}
