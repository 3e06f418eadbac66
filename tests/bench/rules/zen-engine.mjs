// ZEN Engine (GoRules), Rust behind Node-API: a decision table a slot, a row an AND, several rows an OR.

import { ZenEngine } from "@gorules/zen-engine";

import { clauses, flat } from "./condition.mjs";
import { inOrder } from "./modes.mjs";

export const packageName = "@gorules/zen-engine";
export const how = "one decision: a table a slot with hit policy `first`, or one table that collects; awaited";
export const isAsync = true;

const FIELDS = ["account_id", "account_industry", "account_employees", "account_tier", "account_stage", "account_technologies",
  "account_segments", "page_path", "page_utm_source", "page_utm_campaign", "visitor_visits", "visitor_role", "visitor_language"];

const NO_TESTS = Object.fromEntries(FIELDS.map((field) => [field, ""]));

export function translate(rules, mode) {
  const tables = mode === "all" ? [rules] : inOrder(rules);
  const nodes = [{ id: "in", name: "in", type: "inputNode", content: {} }, { id: "out", name: "out", type: "outputNode", content: {} }];
  const edges = [];
  tables.forEach((own, at) => {
    const id = `t${at}`;
    nodes.push({ id, name: id, type: "decisionTableNode", content: table(own, at, mode) });
    edges.push({ id: `i${at}`, sourceId: "in", targetId: id, type: "edge" }, { id: `o${at}`, sourceId: id, targetId: "out", type: "edge" });
  });
  return JSON.stringify({ contentType: "application/vnd.gorules.decision", nodes, edges });
}

function table(rules, at, mode) {
  return {
    hitPolicy: mode === "all" ? "collect" : "first",
    inputs: FIELDS.map((field) => ({ id: field, name: field, field })),
    outputs: [{ id: "rule", name: "rule", field: mode === "all" ? "rule" : `slot${at}` }],
    rules: rules.flatMap(({ name, when }) => clauses(when).map((atoms, part) => row(name, part, atoms))),
    executionMode: "single",
    passThrough: false,
    inputField: null,
    outputPath: null,
  };
}

function row(name, part, atoms) {
  // A column without a test is an empty text: a cell that is missing fails its row.
  const cells = { _id: `${name}-${part}`, rule: JSON.stringify(name), ...NO_TESTS };
  for (const atom of atoms) {
    const field = flat(atom.field ?? "account.segments");
    cells[field] = cells[field] ? `(${cells[field]}) and (${cell(atom)})` : cell(atom);
  }
  return cells;
}

/** A test of the column's value, which `$` names. */
function cell(atom) {
  switch (atom.op) {
    case "eq":
      return `$ == ${JSON.stringify(atom.value)}`;
    case "in":
      return `$ in [${atom.values.map((value) => JSON.stringify(value)).join(", ")}]`;
    case "cmp":
      return `$ ${atom.sign} ${atom.value}`;
    case "starts":
      return `startsWith($, ${JSON.stringify(atom.value)})`;
    case "includes":
      return `contains($, ${JSON.stringify(atom.value)})`;
    case "segment":
      return `contains($, ${JSON.stringify(atom.name)})`;
    default:
      throw new Error(`no such atom: ${atom.op}`);
  }
}

export const toContext = (context) => context;

export async function open(payload, mode) {
  const decision = new ZenEngine().createDecision(Buffer.from(payload));
  if (mode === "all") {
    // A rule of several rows may match several times.
    return async (context) => [...new Set((await decision.evaluate(context)).result.map(({ rule }) => rule))];
  }
  return async (context) => {
    const { result } = await decision.evaluate(context);
    return Array.from({ length: 8 }, (_, slot) => result[`slot${slot}`] ?? null);
  };
}
