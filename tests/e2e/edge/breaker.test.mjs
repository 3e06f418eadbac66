// A core that fails again and again is left alone for a while; one that has grown gives way to another.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { sampleBytes } from "../../../www/test/sample.mjs";
import { edge, PAGE, pageRequest, SIEMENS } from "./world.mjs";

const { Instance } = WebAssembly;
const realNow = Date.now;
const PERSONAL = await (await edge().handle(pageRequest())).text();
let now = 0;
/** Calls of the core, and which of its functions trap. */
let calls = 0;
let trapping = "";

beforeEach(() => {
  [now, calls, trapping] = [1_790_000_000_000, 0, ""];
  Date.now = () => now;
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    const watch = (name, call) => (...given) => {
      calls += 1;
      if (name === trapping) throw new WebAssembly.RuntimeError("unreachable");
      return call(...given);
    };
    return { exports: Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? watch(name, value) : value])) };
  };
});

afterEach(() => {
  Date.now = realNow;
  WebAssembly.Instance = Instance;
});

async function broken(name) {
  const { handle, problems } = edge({ bundle: await Nameplate.load(sampleBytes()) });
  const come = async () => {
    calls = 0;
    return (await handle(pageRequest(SIEMENS))).text();
  };
  trapping = name;
  for (let faults = 0; faults < 5; faults += 1) {
    assert.equal(await come(), PAGE.toString());
    assert.ok(calls > 0);
  }
  return { come, problems };
}

test("after five faults in a row pages are left alone, and that is said once", async () => {
  for (const name of ["core_choose", "page_new", "page_write"]) {
    const { come, problems } = await broken(name);
    for (let pages = 0; pages < 10; pages += 1) {
      assert.equal(await come(), PAGE.toString());
      assert.equal(calls, 0);
    }
    assert.equal(problems.length, 1);
    assert.match(problems[0], /the core has failed 5 times in a row/);
  }
});

test("every 30 seconds one page is tried; when that goes well, all are", async () => {
  const { come, problems } = await broken("core_choose");
  for (let pauses = 0; pauses < 3; pauses += 1) {
    await come();
    now += 29_999;
    await come();
    assert.equal(calls, 0);
    now += 1;
    assert.equal(await come(), PAGE.toString());
    assert.ok(calls > 0);
  }
  // The last try has failed.
  await come();
  assert.equal(calls, 0);
  trapping = "";
  now += 30_000;
  assert.equal(await come(), PERSONAL);
  // One at a time: whether it goes well is not known at once.
  assert.equal(await come(), PAGE.toString());
  assert.equal(calls, 0);
  now += 1_000;
  assert.equal(await come(), PERSONAL);
  assert.equal(await come(), PERSONAL);
  assert.equal(problems.length, 1);
  // From here on it is as new: four faults are borne.
  trapping = "core_choose";
  for (let faults = 0; faults < 4; faults += 1) await come();
  trapping = "";
  assert.equal(await come(), PERSONAL);
});

test("faults among good pages, and clocks that go back, leave no page alone for long", async () => {
  const { handle, problems } = edge({ bundle: await Nameplate.load(sampleBytes()) });
  const come = async () => (await handle(pageRequest(SIEMENS))).text();
  for (let faults = 0; faults < 20; faults += 1) {
    trapping = "core_choose";
    assert.equal(await come(), PAGE.toString());
    trapping = "";
    assert.equal(await come(), PERSONAL);
  }
  assert.deepEqual(problems, []);
  const again = await broken("core_choose");
  await again.come();
  trapping = "";
  now -= 1_000_000_000;
  assert.equal(await again.come(), PERSONAL);
});

test("an instance whose memory has grown above 64 MiB gives way to another", async () => {
  const memories = [];
  WebAssembly.Instance = function (module, imports) {
    const instance = new Instance(module, imports);
    memories.push(instance.exports.memory);
    return instance;
  };
  const { handle, problems } = edge({ bundle: await Nameplate.load(sampleBytes()) });
  const come = async () => (await handle(pageRequest(SIEMENS))).text();
  assert.equal(await come(), PERSONAL);
  // One decides, one rewrites.
  assert.equal(memories.length, 2);
  for (const memory of memories) memory.grow(1025);
  for (let pages = 0; pages < 3; pages += 1) assert.equal(await come(), PERSONAL);
  assert.equal(memories.length, 4);
  assert.deepEqual(problems, []);
});
