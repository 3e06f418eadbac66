// The core's memory may grow in any call, and every view of it is lost then: no answer may be read out of a lost one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes } from "./sample.mjs";

const { Instance } = WebAssembly;
let grown = 0;

before(() => {
  // The glue takes its exports from here, so that calls can be watched.
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    const growing = (call) => (...parameters) => {
      const answer = call(...parameters);
      exports.memory.grow(1);
      grown += 1;
      return answer;
    };
    return { exports: Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, name.startsWith("core_") ? growing(value) : value])) };
  };
});

after(() => {
  WebAssembly.Instance = Instance;
});

test("a memory that grows in every call changes no answer", async () => {
  const restless = await Nameplate.load(sampleBytes());
  WebAssembly.Instance = Instance;
  const quiet = await Nameplate.load(sampleBytes());
  for (const { id } of quiet.site().accounts.slice(0, 8)) {
    const visitor = { id: `visitor of ${id}`, visits: 2, role: "champion" };
    const visit = { account: id, url: "https://www.tidewater.example/pricing?a=a-text-that-the-encoder-writes", now: 1_790_000_000, visitor };
    assert.deepEqual(restless.decide(visit), quiet.decide(visit));
    assert.deepEqual(restless.explain(visit), quiet.explain(visit));
  }
  for (const ip of ["139.23.204.1", "2a00:1450::1", " 139.23.204.1"]) assert.deepEqual(restless.account(ip), quiet.account(ip));
  assert.ok(grown > 200, `${grown}`);
});

test("an instance whose memory has become large gives way to another, and that is no fault", async () => {
  let instances = 0;
  WebAssembly.Instance = function (...parameters) {
    instances += 1;
    return new Instance(...parameters);
  };
  const nameplate = await Nameplate.load(sampleBytes());
  const before = instances;
  assert.equal(nameplate.account("139.23.204.1")?.id, "siemens");
  assert.equal(instances, before);
  for (const ask of [(text) => nameplate.account(text), (text) => nameplate.decide({ ip: text })]) {
    const made = instances;
    ask("x".repeat(25 << 20));
    assert.equal(instances, made);
    for (let times = 0; times < 3; times += 1) assert.equal(nameplate.account("139.23.204.1")?.id, "siemens");
    assert.equal(instances, made + 1);
  }
  assert.equal(nameplate.faults, 0);
});
