// By how much each fault of the edge holds a page up. A page with the fault and one that goes through the same handler untouched are
// asked for in turn, so that both see the same machine.

import { brokenCores, BUNDLES } from "../../e2e/edge/broken.mjs";
import { ANSWERS, FAULTS } from "../../e2e/edge/cases.mjs";
import { startOrigin } from "../../e2e/edge/origin.mjs";
import { RUNTIMES, startRuntime } from "../../e2e/edge/runtimes.mjs";
import { wasmBytes } from "../../../www/test/sample.mjs";
import { number, table } from "../lib/report.mjs";

export async function faults({ pages, say }) {
  const cores = { "core.wasm": wasmBytes(), ...brokenCores() };
  const origin = await startOrigin(ANSWERS, BUNDLES);
  const data = Object.fromEntries(FAULTS.map(({ what }) => [what, {}]));
  try {
    for (const name of Object.keys(RUNTIMES)) {
      say(`faults: ${name}`);
      const runtime = await startRuntime(name, { origin: origin.url, core: null, modules: cores });
      try {
        for (const { what, asked, path } of FAULTS) {
          const [faulty, plain] = [[], []];
          for (let page = 0; page < pages; page += 1) {
            faulty.push(await time(() => runtime.ask(path, asked)));
            plain.push(await time(() => runtime.ask(path, { ...asked, headers: { "sec-fetch-dest": "empty" } })));
          }
          data[what][name] = quantile(faulty, 0.99) - quantile(plain, 0.99);
        }
      } finally {
        await runtime.stop();
      }
    }
  } finally {
    await origin.stop();
  }
  const names = Object.keys(RUNTIMES);
  return {
    data,
    text: `Milliseconds by which 99 of 100 pages with a fault come later than 99 of 100 that the same handler does not touch; ${number(pages)} pages each, in
turn. What is below zero is the machine's noise.

${table(["", ...names], Object.entries(data).map(([what, later]) => [what, ...names.map((name) => number(later[name]))]))}`,
  };
}

async function time(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function quantile(times, share) {
  return times.toSorted((one, other) => one - other)[Math.floor((times.length - 1) * share)];
}
