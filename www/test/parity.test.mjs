// The same answer everywhere: visits made from a seed are decided by the native program and by the built core, and every
// line must be the same to the byte.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Nameplate } from "../dist/lib/node.js";
import { bundle, program, sampleBytes, sampleNetworks, seeded } from "./sample.mjs";

const COUNT = 12_000;

test(`${COUNT} visits are decided and explained alike natively and in WebAssembly`, async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const visits = [...makeVisits(COUNT, nameplate.site())];
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
  assert.equal(digest(native), digest(inWasm));
}

/** The visit, and both lines from shortly before the first character in which they differ. */
function describe(visit, native, inWasm) {
  const at = [...native].findIndex((char, index) => char !== inWasm[index]);
  const near = (line) => line.slice(Math.max(0, at - 60), at + 100);
  return `${JSON.stringify(visit)}\nnative: ${near(native)}\nwasm:   ${near(inWasm)}`;
}

function digest(lines) {
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

async function decideNatively(visits, options) {
  const child = spawn(program, ["decide", bundle, "--batch", ...options], { stdio: ["pipe", "pipe", "inherit"] });
  const output = (async () => {
    const chunks = [];
    for await (const chunk of child.stdout) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8").trimEnd().split("\n");
  })();
  child.stdin.end(visits.map((visit) => `${JSON.stringify(visit)}\n`).join(""));
  return output;
}

function* makeVisits(count, site) {
  const random = seeded(20_261_121);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (...all) => all[below(all.length)];
  const networks = sampleNetworks();
  const paths = ["/", "/pricing", "/customers", "/a%20b", "/ünï", ""];
  const queries = ["", "?utm_source=news&utm_campaign=peak-demand&utm_medium=cpc", "?utm_term=%C3%A9+x&utm_term=b", "?&=&utm_content=%zz"];
  const addresses = [
    () => inside(pick(...networks).prefix, random),
    () => inside(pick(...networks).prefix, random),
    () => `${below(256)}.${below(256)}.${below(256)}.${below(256)}`,
    () => `2a00:${below(65_536).toString(16)}::${below(65_536).toString(16)}`,
    () => `::ffff:${inside(pick(...networks.filter(({ prefix }) => prefix.includes("."))).prefix, random)}`,
    () => pick("", "10.0.0.1", "127.0.0.1", "::1", "not an address", "1.2.3.4:80", "203.0.113.7"),
  ];
  for (let index = 0; index < count; index += 1) {
    const visit = {};
    if (random() < 0.8) visit.ip = pick(...addresses)();
    if (random() < 0.25) visit.account = random() < 0.9 ? pick(...site.accounts).id : pick("", "nobody", "SIEMENS");
    if (random() < 0.9) visit.url = pick("https://www.tidewater.example", "http://x:1", "") + pick(...paths) + pick(...queries);
    if (random() < 0.4) visit.referrer = pick("https://www.google.com/", "https://partner.example/a?b", "", "x");
    if (random() < 0.15) {
      const attributes = { id: pick("a-1", "", null), name: pick("Alder & Söhne AG", "Birch", null), shortName: pick("Alder", "<b>", null) };
      const from = pick(...site.accounts);
      Object.assign(attributes, { industry: from.industry, country: from.country, tier: from.tier, stage: from.stage });
      if (random() < 0.7) Object.assign(attributes, { employees: below(200_000), revenue: below(2 ** 50), intent: below(101) });
      if (random() < 0.7) Object.assign(attributes, { technologies: ["scada", "mes"].slice(below(3)), domains: [], owner: "Jo", lifetimeValue: -below(9) });
      visit.attributes = attributes;
    }
    // Always there: without it the program would take the clock's.
    visit.now = pick(0, -1, 1_790_000_000, 1_770_000_000 + below(60_000_000), 9_007_199_254_740_991);
    if (random() < 0.9) {
      visit.visitor = {};
      if (random() < 0.8) visit.visitor.visits = pick(0, 1, 2, 3, 5, 40, -1);
      if (random() < 0.5) visit.visitor.role = pick("champion", "decision-maker", "user", "approver", "gatekeeper", "cat");
      if (random() < 0.5) visit.visitor.language = pick("de", "de-AT", "en", "fr", "");
      if (random() < 0.3) Object.assign(visit.visitor, { daysAway: pick(0, 6, 30), device: pick("phone", "desktop", "fridge"), timeZone: pick("Europe/Berlin", "é") });
      if (random() < 0.3) Object.assign(visit.visitor, { viewportWidth: below(2_000), visibility: pick("visible", "hidden") });
      if (random() < 0.8) visit.visitor.id = `v-${below(5_000)}`;
    }
    yield visit;
  }
}

/** An address inside a prefix: its first, its last, or one between. */
function inside(prefix, random) {
  const [address, length] = prefix.split("/");
  const isV4 = address.includes(".");
  const width = isV4 ? 32n : 128n;
  const size = 1n << (width - BigInt(length));
  const place = random();
  const offset = place < 0.2 ? 0n : place < 0.4 ? size - 1n : BigInt(Math.floor(random() * 2 ** 48)) % size;
  const bits = (isV4 ? bitsOfV4(address) : bitsOfV6(address)) + offset;
  const part = (index, each, count) => (bits >> BigInt(each * (count - 1 - index))) & ((1n << BigInt(each)) - 1n);
  return isV4
    ? Array.from({ length: 4 }, (_, index) => part(index, 8, 4)).join(".")
    : Array.from({ length: 8 }, (_, index) => part(index, 16, 8).toString(16)).join(":");
}

function bitsOfV4(address) {
  return address.split(".").reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function bitsOfV6(address) {
  const [head, tail = ""] = address.split("::");
  const groups = (text) => (text === "" ? [] : text.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array(address.includes("::") ? missing : 0).fill("0"), ...groups(tail)];
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
