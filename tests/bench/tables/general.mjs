// Companies that are in no list: what a caller knows of one comes with the visit, and rules are evaluated as their authors wrote them.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Contender, race } from "../lib/contenders.mjs";
import { microseconds, number, table } from "../lib/report.mjs";
import { holds } from "../rules/condition.mjs";
import { inOrder } from "../rules/modes.mjs";
import { winners } from "../rules/ours.mjs";

/** The last two go through the rules of a slot one after the other, until one holds. */
const CONTENDERS = [
  { title: "**Nameplate** `decide`, WebAssembly without SIMD", peer: "ours", isNative: false },
  { title: "**Nameplate** `decide`, native", peer: "ours", isNative: true },
  { title: "our programs in turn, native", peer: "scan", isNative: true },
  { title: "`json-logic-js`, in turn", peer: "json-logic-js", isNative: false },
];
const CHECKED = 64;

/** `sets`: rules -> folder. Data: rules -> one result for each contender, in their order. */
export async function general(sets, { rounds, ms, say }) {
  const data = {};
  for (const [size, folder] of sets) {
    say(`general: ${number(size, 6)} rules`);
    const contenders = [];
    for (const { peer, isNative } of CONTENDERS) {
      const contender = new Contender(peer, { kind: "rules", peer, mode: "first", set: folder }, isNative);
      contenders.push(contender);
      await contender.ask({ do: "open" });
    }
    await check(contenders, folder);
    const results = await race(contenders, { of: "described", rounds, ms });
    data[size] = contenders.map((contender) => results.get(contender));
    for (const contender of contenders) contender.end();
  }
  const sizes = [...sets.keys()];
  const cells = (size, at) => [microseconds(data[size][at].cpuNs), number(data[size][at].cpuNs / data[size][Number(CONTENDERS[at].isNative)].cpuNs)];
  return {
    data,
    text: `The caller describes the company with each visit, in the place of an address: CPU microseconds, what each slot shows; medians. The company becomes an
account, and joins its segments, for each visit. ${CHECKED} answers of each were checked. What ships has no SIMD instructions. *x* is the multiple of ours where it runs.

${table(["", ...sizes.flatMap((size) => [`${number(size, 6)} rules`, "x"])], CONTENDERS.map(({ title }, at) => [title, ...sizes.flatMap((size) => cells(size, at))]))}`,
  };
}

async function check(contenders, folder) {
  const read = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const slots = inOrder(read("rules.json"));
  const visits = read("visits.json").described.slice(0, CHECKED);
  const expected = visits.map(({ context }) => slots.map((rules) => rules.find(({ when }) => holds(when, context))?.name ?? null));
  for (const contender of contenders) {
    const { answers } = await contender.ask({ do: "answers", of: "described", count: CHECKED }, 600);
    answers.forEach((answer, at) => {
      const given = answer.first ?? (answer.slots ? winners(answer) : answer);
      if (JSON.stringify(given) !== JSON.stringify(expected[at])) throw new Error(`${contender.name}: wrong answer for described visit ${at}: ${JSON.stringify(given)}; expected ${JSON.stringify(expected[at])}`);
    });
  }
}
