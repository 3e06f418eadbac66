// An engine that decides visits.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export async function contender({ peer, mode, set: folder }) {
  const engine = await import(`../rules/${peer}.mjs`);
  const visits = JSON.parse(readFileSync(join(folder, "visits.json"), "utf8"));
  return peer === "ours" ? ours(engine, folder, mode, visits) : theirs(engine, folder, mode, visits);
}

function theirs(engine, folder, mode, visits) {
  const payload = translated(engine, folder, mode);
  const inputs = Object.fromEntries(Object.entries(visits).map(([kind, list]) => [kind, list.map(({ context }) => engine.toContext(context))]));
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

/** The rules in the engine's words, made once: who only opens them must not carry what translating them left behind. */
function translated(engine, folder, mode) {
  const file = join(folder, `${engine.packageName.replaceAll(/[^a-z]+/g, "-")}-${mode}.json`);
  if (!existsSync(file)) {
    writeFileSync(`${file}.part`, engine.translate(JSON.parse(readFileSync(join(folder, "rules.json"), "utf8")), mode));
    renameSync(`${file}.part`, file);
  }
  return readFileSync(file, "utf8");
}

function ours(engine, folder, mode, visits) {
  const inputs = Object.fromEntries(Object.entries(visits).map(([kind, list]) => [kind, list.map(({ visit }) => visit)]));
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
      return {
        first: engine.winners(decision),
        // To explain a hundred thousand candidates takes seconds.
        ...(mode === "all" ? { all: engine.matching(nameplate.explain(visit)).sort() } : {}),
        account: decision.account?.id ?? null,
        segments: decision.account?.segments ?? [],
      };
    },
  };
  return self;
}
