// After a trap the instance is thrown away and never called again; the next visit gets a new one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes } from "./sample.mjs";

const { Instance } = WebAssembly;

/** `(func (export "t") unreachable)`: a real trap. */
const trap = new Instance(
  new WebAssembly.Module(
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0, 11),
  ),
).exports.t;

/** What the instances made since saw: how many there are, and calls into dead ones. */
const seen = { instances: 0, late: [] };
let trapNext = false;

before(() => {
  // The glue takes its exports from here, so that calls can be watched and one can be made to trap.
  WebAssembly.Instance = function (module, imports) {
    const instance = new Instance(module, imports);
    seen.instances += 1;
    let dead = false;
    const watch = (name, call) => (...parameters) => {
      if (dead) seen.late.push(name);
      if (trapNext && /core_(choose|explain|site)$/.test(name)) {
        trapNext = false;
        dead = true;
        trap();
      }
      return call(...parameters);
    };
    const exports = Object.entries(instance.exports).map(([name, value]) => [name, typeof value === "function" ? watch(name, value) : value]);
    return { exports: Object.fromEntries(exports) };
  };
});

after(() => {
  WebAssembly.Instance = Instance;
});

test("a trap gives Default once, then a new instance answers as before", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const visit = { account: nameplate.site().accounts[0].id, now: 1_790_000_000 };
  const expected = nameplate.decide(visit);
  const made = seen.instances;
  for (let round = 0; round < 1000; round += 1) {
    trapNext = true;
    const { account, match, slots, ads } = nameplate.decide(visit);
    assert.deepEqual([account, slots, ads], [null, [], []]);
    assert.match(match.reason, /the core stopped: unreachable/);
    // Opening a bundle costs more than the trap: compare now and then.
    if (round % 100 === 0) assert.deepEqual(nameplate.decide(visit), expected);
  }
  assert.deepEqual(nameplate.decide(visit), expected);
  assert.equal(seen.instances - made, 1000);
  assert.deepEqual(seen.late, []);
});

test("a trap while explaining or listing is survived too", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  trapNext = true;
  assert.match(nameplate.explain({}).decision.match.reason, /the core stopped/);
  trapNext = true;
  assert.throws(() => nameplate.site(), /the core stopped/);
  assert.ok(nameplate.site().accounts.length > 0);
});

test("bundles do not share an instance: a trap in one leaves the other alone", async () => {
  const one = await Nameplate.load(sampleBytes());
  const other = await Nameplate.load(sampleBytes());
  const made = seen.instances;
  trapNext = true;
  one.decide({});
  assert.doesNotMatch(other.decide({}).match.reason, /the core stopped/);
  assert.equal(seen.instances, made);
});

test("freeing after a trap calls nothing", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  trapNext = true;
  nameplate.decide({});
  nameplate.free();
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(seen.late, []);
});
