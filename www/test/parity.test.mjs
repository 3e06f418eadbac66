// The same answer everywhere: visits made from a seed are decided by the native program and by the built core, and every
// line must be the same to the byte.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Nameplate } from "../dist/lib/node.js";
import { makeVisits } from "./random-visits.mjs";
import { decideNatively, sampleBytes, sampleNetworks } from "./sample.mjs";

const COUNT = 12_000;

test(`${COUNT} visits are decided and explained alike natively and in WebAssembly`, async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const visits = [...makeVisits(COUNT, nameplate.site(), sampleNetworks())];
  const decisions = visits.map((visit) => nameplate.decide(visit));
  await checkAlike(visits, decisions, []);
  await checkAlike(visits.slice(0, 1_000), visits.slice(0, 1_000).map((visit) => nameplate.explain(visit)), ["--explain"]);

  // A test of equal nothings would prove nothing.
  const count = (holds) => decisions.filter(holds).length;
  assert.ok(count((decision) => decision.account !== null) > COUNT / 4);
  assert.ok(count((decision) => decision.match.kind === "address") > COUNT / 8);
  assert.ok(count((decision) => decision.account === null) > COUNT / 8);
  assert.ok(count((decision) => decision.match.kind === "described" && decision.slots.length > 0) > COUNT / 50);
  assert.ok(new Set(decisions.flatMap((decision) => decision.slots.map((slot) => slot.experience))).size > 25);
  nameplate.free();
});

async function checkAlike(visits, answers, options) {
  const native = await decideNatively(visits, options);
  const inWasm = answers.map((answer) => JSON.stringify(answer));
  assert.equal(native.length, visits.length);
  const different = visits.findIndex((_, index) => native[index] !== inWasm[index]);
  if (different >= 0) assert.fail(describe(visits[different], native[different], inWasm[different]));
}

/** The visit, and both lines from shortly before the first character in which they differ. */
function describe(visit, native, inWasm) {
  const at = [...native].findIndex((char, index) => char !== inWasm[index]);
  const near = (line) => line.slice(Math.max(0, at - 60), at + 100);
  return `${JSON.stringify(visit)}\nnative: ${near(native)}\nwasm:   ${near(inWasm)}`;
}
