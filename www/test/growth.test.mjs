// Nothing grows: neither the pages of the WebAssembly memory nor what JavaScript holds, however often it is called. `make soak`
// asks for ten million calls of each kind, `make test` for fewer.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes, sampleNetworks } from "./sample.mjs";

const CALLS = Number(process.env.NAMEPLATE_CALLS ?? 1_000_000);
/** Bytes that a heap may differ by from one collection to the next: a million calls that leak a byte each are over it. */
const NOISE = 2 ** 18;
/** What is kept of companies that are always new is forgotten by the thousand: a million calls that leak two bytes each are over it. */
const NOISE_OF_COMPANIES = 2 ** 20;

const { Instance } = WebAssembly;
let memory;
// The glue takes its instance from here, so that its memory can be seen.
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memory = instance.exports.memory;
  return instance;
};
after(() => {
  WebAssembly.Instance = Instance;
});

const nameplate = await Nameplate.load(sampleBytes());
const accounts = nameplate.site().accounts;
const addresses = sampleNetworks().map(({ prefix }) => prefix.split("/")[0]);

/** The index goes on where the last call left it, so that visitors are always new. */
const kinds = {
  "account(ip)": (index) => nameplate.account(addresses[index % addresses.length]),
  "decide by account": (index) => nameplate.decide({ account: accounts[index % accounts.length].id, now: index, visitor: { id: `v-${index}` } }),
  "decide by description": (index) => nameplate.decide({ attributes: { id: `d-${index}`, name: "Alder", tier: 1 + (index % 3) }, now: index }),
  "decide by address": (index) => nameplate.decide({ ip: addresses[index % addresses.length], url: `https://www.example.com/${index}`, visitor: { visits: index } }),
};

for (const [name, call] of Object.entries(kinds)) {
  test(`${CALLS.toLocaleString("en")} calls of ${name} leave the memory as it was`, { timeout: 0 }, () => {
    assert.ok(globalThis.gc, "run with --expose-gc");
    const held = (from, to) => {
      for (let index = from; index < to; index += 1) call(index);
      globalThis.gc();
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return { pages: memory.buffer.byteLength / 2 ** 16, heapUsed, external, arrayBuffers };
    };
    const warm = CALLS / 10;
    const early = held(0, warm);
    const late = held(warm, CALLS);
    const said = `after ${warm} calls ${JSON.stringify(early)}, after ${CALLS} ${JSON.stringify(late)}`;
    console.log(said);
    assert.equal(late.pages, early.pages, said);
    const noise = name === "decide by description" ? NOISE_OF_COMPANIES : NOISE;
    for (const what of ["heapUsed", "external", "arrayBuffers"]) assert.ok(late[what] <= early[what] + noise, `${what}: ${said}`);
  });
}
