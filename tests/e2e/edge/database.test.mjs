// Address databases at the edge: who is no account's is known by them, nobody waits for them, and in every runtime they fail alike.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Database } from "../../../www/dist/lib/geo-node.js";
import { rowsOf } from "../../../www/test/hostile-databases.mjs";
import { wasmBytes } from "../../../www/test/sample.mjs";
import { startOrigin } from "./origin.mjs";
import { RUNTIMES, startRuntime } from "./runtimes.mjs";
import { edge, nameplate, pageRequest, SIEMENS } from "./world.mjs";

const table = readFileSync(new URL("../../mmdb/stages.txt", import.meta.url), "utf8");
const rows = rowsOf(table);
const good = rows.find(({ name }) => name === "good, records of 24 bits").bytes();
/** In the database a company's, in no list. */
const ALDER = "8.8.8.8";

/** A bundle that is asked about visits, and what they were. */
function asked() {
  const visits = [];
  return { visits, bundle: { decide: (visit) => (visits.push(visit), nameplate.decide(visit)), rewriter: (...given) => nameplate.rewriter(...given) } };
}

async function visitOf(options, request = pageRequest(ALDER)) {
  const { visits, bundle } = asked();
  const { handle, problems } = edge({ bundle, ...options });
  await handle(request);
  return { visit: visits.at(-1), problems };
}

test("who is no account's is known by an open database", async () => {
  const { visit } = await visitOf({ database: await Database.load(good) });
  assert.equal(visit.attributes.name, "Alder Bank");
  assert.deepEqual(visit.visitor.custom, { asn: 64496, organisation: "Alder Bank", usage: "business" });
  assert.equal(nameplate.decide(visit).match.kind, "described");
});

test("an account of the list beats a database", async () => {
  const everybody = { described: (visit) => ({ ...visit, attributes: { name: "Alder Bank" } }) };
  const { visit } = await visitOf({ database: everybody }, pageRequest(SIEMENS));
  assert.equal(nameplate.decide(visit).account.id, "siemens");
});

test("an address that the site calls shared makes nobody a company's", async () => {
  const outcomes = [{ outcome: "shared" }, { outcome: "none" }];
  const database = await Database.load(good);
  for (const match of outcomes) {
    const visits = [];
    const bundle = { decide: (visit) => (visits.push(visit), { slots: [], match }) };
    await edge({ bundle, database }).handle(pageRequest(ALDER));
    const { attributes, visitor } = visits.at(-1);
    assert.equal(attributes?.name, match.outcome === "shared" ? undefined : "Alder Bank");
    assert.equal(visitor.custom.asn, 64496);
  }
});

test("of what two databases know, the first counts", async () => {
  const knowing = (custom) => ({ described: (visit) => ({ ...visit, visitor: { ...visit.visitor, custom: { ...custom, ...visit.visitor.custom } } }) });
  const { visit } = await visitOf({ database: [knowing({ country: "DE" }), knowing({ country: "FR", asn: 7 })] });
  assert.deepEqual(visit.visitor.custom, { country: "DE", asn: 7 });
});

test("who objects is asked of no database", async () => {
  const { visit } = await visitOf({ database: await Database.load(good) }, pageRequest(ALDER, { headers: { "sec-gpc": "1" } }));
  assert.deepEqual([visit.ip ?? null, visit.attributes ?? null], [null, null]);
});

test("no page waits for a database, and one that cannot be had is reported and asked for again", async () => {
  const { visits, bundle } = asked();
  const waiting = [];
  const answers = [() => Promise.reject(new Error("out of reach")), () => Database.load(new Uint8Array(7)), () => Database.load(good)];
  let loads = 0;
  const { handle, problems } = edge({ bundle, refreshSeconds: 0, database: () => answers[loads++]() });
  const context = { waitUntil: (work) => waiting.push(work) };
  for (let at = 0; at < 5; at += 1) {
    await handle(pageRequest(ALDER), {}, context);
    await Promise.all(waiting);
  }
  assert.deepEqual(visits.filter(({ url }) => url !== undefined).map(({ attributes }) => attributes?.name), [undefined, undefined, undefined, "Alder Bank", "Alder Bank"]);
  assert.equal(loads, 3);
  assert.equal(problems.length, 2);
  assert.match(problems[0], /out of reach/);
  assert.match(problems[1], /no address database/);
});

test("a database that throws costs its visitor nothing but the change", async () => {
  const thrown = { described: () => { throw new Error("broken"); } };
  const { handle, problems } = edge({ database: thrown });
  assert.equal((await handle(pageRequest(SIEMENS))).status, 200);
  assert.deepEqual(problems, ["broken"]);
});

test("programs that show the key are answered with it", async () => {
  const key = "0123456789abcdef";
  const { handle } = edge({ np: { key }, database: await Database.load(good) });
  const ask = async (headers, body) => (await handle(new Request("https://www.tidewater.example/np/decide", { method: "POST", headers, body: JSON.stringify(body) }))).json();
  const { match, account } = await ask({ authorization: `Bearer ${key}` }, { ip: ALDER });
  assert.deepEqual([match.kind, account.name], ["described", "Alder Bank"]);
  // A page hears no more than its slice holds.
  assert.equal((await ask({ "cf-connecting-ip": ALDER }, {})).match.kind, "none");
});

for (const name of Object.keys(RUNTIMES)) {
  test(`broken databases fail in ${name} where the table says`, async () => {
    const origin = await startOrigin({}, {});
    const runtime = await startRuntime(name, { origin: origin.url, core: wasmBytes() });
    try {
      // The sweeps are Node's: see www/test/geo.test.mjs.
      const whole = rows.filter(({ how }) => how === "whole");
      const lines = table.split("\n").filter((line) => line.split("\t")[1] === "whole");
      const { body } = await runtime.ask("/database", { method: "POST", body: lines.join("\n") });
      const outcomes = JSON.parse(body);
      whole.forEach((row, at) => assert.equal(outcomes[at], row.expected, row.name));
    } finally {
      await runtime.stop();
      await origin.stop();
    }
  });
}
