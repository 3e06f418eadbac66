// What must never break a page: visits of any shape, bundles of any bytes, a freed bundle.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes, wasmBytes } from "./sample.mjs";

let nameplate;

before(async () => {
  nameplate = await Nameplate.load(sampleBytes());
});

/** Default everywhere, with a reason. */
function checkEmpty(decision, reason) {
  const { account, match, slots, ads, exposures, reasons } = decision;
  assert.deepEqual([account, match.kind, slots, ads, exposures], [null, "none", [], [], []]);
  assert.match(match.reason, reason);
  assert.equal(reasons.length, 1);
  assert.equal(reasons[0].about, "*");
}

const cyclic = {};
cyclic.visitor = cyclic;
const throwing = {
  get ip() {
    throw new Error("no");
  },
};
const throwingStrangely = new Proxy({}, {
  get() {
    throw { get message() { throw 1; } };
  },
});

for (const [name, visit, reason] of [
  ["text", "siemens", /is a string; expected an object/],
  ["null", null, /is null; expected an object/],
  ["nothing", undefined, /is missing; expected an object/],
  ["a number", 7, /is a number; expected an object/],
  ["a symbol", Symbol("x"), /is a symbol/],
  ["a big integer", 7n, /is a bigint/],
  ["a function", () => ({}), /is a function/],
  ["a number as address", { ip: 3232235777 }, /`ip` is a number; expected text/],
  ["a list as url", { url: ["x"] }, /`url` is a list; expected text/],
  ["text as time", { now: "2026" }, /`now` is a string; expected a number/],
  ["no number as time", { now: NaN }, /`now` is NaN/],
  ["infinity as time", { now: Infinity }, /`now` is Infinity/],
  ["text as visits", { visitor: { visits: "3" } }, /`visitor.visits` is a string/],
  ["text as visitor", { visitor: "v-1" }, /`visitor` is a string/],
  ["a getter that throws", throwing, /cannot be read: no/],
  ["a proxy that throws something unreadable", throwingStrangely, /cannot be read/],
]) {
  test(`${name} as visit gives Default everywhere`, () => {
    checkEmpty(nameplate.decide(visit), reason);
    const { decision, candidates } = nameplate.explain(visit);
    checkEmpty(decision, reason);
    assert.deepEqual(candidates, []);
  });
}

test("odd but well-formed visits are answered", () => {
  for (const visit of [
    {},
    [],
    cyclic,
    new Date(),
    { ip: null, account: null, url: null, referrer: null, now: null, visitor: null },
    { unknown: 1, visitor: { unknown: {} } },
    { ip: "x".repeat(100_000), url: "\ud800", account: "../../etc", referrer: "javascript:alert(1)" },
    { url: "https://[", visitor: { id: "\u0000", role: "emperor", language: "", visits: 1e15 } },
    { url: `https://www.tidewater.example/?${"a=b&".repeat(10_000)}` },
    Object.create({ ip: "203.0.113.7" }),
  ]) {
    const { match, reasons } = nameplate.decide(visit);
    assert.equal(match.kind, "none");
    assert.doesNotMatch(match.reason, /the core stopped/);
    assert.ok(reasons.length > 1, "an ordinary miss has a reason for every slot");
  }
});

test("bad bundles are refused with what is wrong", async () => {
  const bytes = sampleBytes();
  const flipped = Uint8Array.from(bytes);
  flipped[bytes.length >> 1] ^= 0x40;
  for (const [name, bad] of [
    ["empty", new Uint8Array()],
    ["text", new TextEncoder().encode("<!doctype html><title>404</title>")],
    ["truncated", bytes.subarray(0, bytes.length >> 1)],
    ["one byte short", bytes.subarray(0, bytes.length - 1)],
    ["flipped", flipped],
    ["zeros", new Uint8Array(4096)],
  ]) {
    await assert.rejects(Nameplate.load(bad), (error) => error instanceof Error && error.message.length > 8 && !/unreachable/.test(error.message), name);
  }
});

test("what is no bytes at all is refused", async () => {
  for (const bad of [null, undefined, "npb", 7, {}, [1, 2]]) await assert.rejects(Nameplate.load(bad), /expected as Uint8Array or ArrayBuffer/);
});

test("an ArrayBuffer, a view into a larger one, and a module of the caller's are taken", async () => {
  const bytes = sampleBytes();
  const larger = new Uint8Array(bytes.length + 20);
  larger.set(bytes, 10);
  const module = await WebAssembly.compile(wasmBytes());
  const { hash } = nameplate.site();
  for (const given of [Uint8Array.from(bytes).buffer, larger.subarray(10, 10 + bytes.length)]) {
    assert.equal((await Nameplate.load(given, { module })).site().hash, hash);
  }
});

test("the caller's bytes may change after loading", async () => {
  const bytes = Uint8Array.from(sampleBytes());
  const loaded = await Nameplate.load(bytes);
  const { id } = loaded.site().accounts[0];
  bytes.fill(0);
  assert.equal(loaded.decide({ account: id }).account.id, id);
});

test("a freed bundle answers Default, and freeing twice is harmless", async () => {
  const freed = await Nameplate.load(sampleBytes());
  freed.free();
  freed.free();
  checkEmpty(freed.decide({}), /was freed/);
  assert.throws(() => freed.site(), /was freed/);
});

test("a host's digest of other bytes is refused as damage is; without one the core computes its own", async () => {
  const { digest } = SubtleCrypto.prototype;
  const withDigest = async (made) => {
    SubtleCrypto.prototype.digest = made;
    try {
      return await Nameplate.load(sampleBytes());
    } finally {
      SubtleCrypto.prototype.digest = digest;
    }
  };
  const wrong = /expected the checksum of the file: it was changed or damaged/;
  await assert.rejects(withDigest(async () => new ArrayBuffer(32)), wrong);
  await assert.rejects(withDigest((name, bytes) => digest.call(crypto.subtle, name, bytes.subarray(1))), wrong);
  let calls = 0;
  const counted = await withDigest((name, bytes) => ((calls += 1), digest.call(crypto.subtle, name, bytes)));
  const alone = await withDigest(() => Promise.reject(new Error("no crypto here")));
  const nonsense = await withDigest(async () => new ArrayBuffer(5));
  assert.equal(calls, 1);
  for (const nameplate of [counted, alone, nonsense]) assert.match(nameplate.site().hash, /^[0-9a-f]{64}$/);
  const damaged = sampleBytes();
  damaged[damaged.length - 1] ^= 1;
  for (const made of [digest, async () => Promise.reject(new Error("none"))]) {
    SubtleCrypto.prototype.digest = made;
    await assert.rejects(Nameplate.load(damaged), wrong);
    SubtleCrypto.prototype.digest = digest;
  }
});
