// An engine that decides visits.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export async function contender({ peer, mode, set: folder }) {
  const engine = await import(`../rules/${peer}.mjs`);
  const set = JSON.parse(readFileSync(join(folder, "set.json"), "utf8"));
  return peer === "ours" ? ours(engine, folder, set) : await theirs(engine, mode, set);
}

async function theirs(engine, mode, set) {
  const payload = engine.translate(set.rules, mode);
  const inputs = Object.fromEntries(["known", "stranger"].map((kind) => [kind, set[kind].map(({ context }) => engine.toContext(context))]));
  // What is not the engine's must not count as its memory.
  set.rules = null;
  const self = {
    isAsync: engine.isAsync ?? false,
    inputs: (kind) => inputs[kind],
    async open() {
      self.call = await engine.open(payload, mode);
    },
    async answer(context) {
      const found = await self.call(context);
      return mode === "all" ? found.filter((name) => name !== null && name !== undefined).sort() : found.map((name) => name ?? null);
    },
  };
  return self;
}

function ours(engine, folder, set) {
  const inputs = Object.fromEntries(["known", "stranger"].map((kind) => [kind, set[kind].map(({ visit }) => visit)]));
  set.rules = null;
  let nameplate;
  const self = {
    isAsync: false,
    inputs: (kind) => inputs[kind],
    async open() {
      nameplate = await engine.load(folder);
      self.call = (visit) => nameplate.decide(visit);
    },
    answer(visit) {
      const decision = nameplate.decide(visit);
      const explanation = nameplate.explain(visit);
      return {
        first: engine.winners(decision),
        all: engine.matching(explanation).sort(),
        account: decision.account?.id ?? null,
        segments: decision.account?.segments ?? [],
      };
    },
  };
  return self;
}
