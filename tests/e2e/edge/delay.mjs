// By how much each fault holds a page up, in every runtime: `node tests/e2e/edge/delay.mjs [PAGES]`. A page with the fault and one that
// goes through the same handler untouched are asked for in turn, so that both see the same machine. Milliseconds.

import { wasmBytes } from "../../../www/test/sample.mjs";
import { brokenCores, BUNDLES } from "./broken.mjs";
import { ANSWERS, FAULTS } from "./cases.mjs";
import { startOrigin } from "./origin.mjs";
import { RUNTIMES, startRuntime } from "./runtimes.mjs";

const PAGES = Number(process.argv[2] ?? 200);
const cores = { "core.wasm": wasmBytes(), ...brokenCores() };
const origin = await startOrigin(ANSWERS, BUNDLES);

for (const name of Object.keys(RUNTIMES)) {
  const runtime = await startRuntime(name, { origin: origin.url, core: null, modules: cores });
  for (const { what, asked, path } of FAULTS) {
    const [faulty, plain] = [[], []];
    for (let page = 0; page < PAGES; page += 1) {
      faulty.push(await time(() => runtime.ask(path, asked)));
      plain.push(await time(() => runtime.ask(path, { ...asked, headers: { "sec-fetch-dest": "empty" } })));
    }
    const later = (share) => (quantile(faulty, share) - quantile(plain, share)).toFixed(1).padStart(7);
    console.log(`${name.padEnd(12)}${later(0.5)}${later(0.99)}  ${what}`);
  }
  await runtime.stop();
}
await origin.stop();

async function time(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function quantile(times, share) {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)];
}
