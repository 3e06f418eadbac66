// Address databases at the edge: who is no account's is known by them, nobody waits for them, and in every runtime they fail alike.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
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

/** Answers like a server that has `files`, one after the other, each under a version of its own. */
function fileServer(...files) {
  const asked = [];
  const from = (...rest) => {
    asked.push(rest);
    const file = files[Math.min(asked.length, files.length) - 1];
    if (file === null) return new Response(null, { status: 503 });
    return new Response(file, { headers: { etag: `"${files.indexOf(file)}"`, "content-length": `${file.length}` } });
  };
  return { asked, from };
}

test("a database is asked for again like a bundle: another takes its place, a bad one does not", async () => {
  const other = rows.find(({ name }) => name === "good, records of 28 bits").bytes();
  const { asked: questions, from } = fileServer(good, good, null, new Uint8Array(7), other, other);
  const opened = [];
  const freed = [];
  const open = async (given) => {
    const database = await Database.load(given);
    opened.push(database);
    return { described: (visit) => database.described(visit), free: () => (freed.push(opened.indexOf(database)), database.free()) };
  };
  const { visits, bundle } = asked();
  const waiting = [];
  const { handle, problems } = edge({ bundle, database: { from, open, refreshSeconds: 0 } });
  const names = [];
  for (let at = 0; at < 7; at += 1) {
    await handle(pageRequest(ALDER), { at }, { waitUntil: (work) => waiting.push(work) });
    names.push(visits.filter(({ url }) => url !== undefined).at(-1).attributes?.name);
    await Promise.all(waiting);
  }
  // Nobody waits for the first, and there is one from then on.
  assert.deepEqual(names, [undefined, ...Array(6).fill("Alder Bank")]);
  assert.equal(questions.length, 7);
  assert.deepEqual(questions[0][0], { at: 0 });
  // The second had the version that was in use, the third no good answer, the fourth no database; the sixth is the fifth.
  assert.equal(opened.length, 2);
  assert.deepEqual(freed, [0]);
  assert.equal(problems.length, 2);
  assert.match(problems[0], /found status 503/);
  assert.match(problems[1], /no address database/);
});

test("a database at an address is asked for by its version", async () => {
  const versions = [];
  const server = createServer((request, response) => {
    versions.push(request.headers["if-none-match"] ?? null);
    if (request.headers["if-none-match"] === '"1"') return response.writeHead(304, { etag: '"1"' }).end();
    response.writeHead(200, { etag: '"1"', "content-length": good.length }).end(good);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { visits, bundle } = asked();
    const waiting = [];
    let loads = 0;
    const open = (given) => ((loads += 1), Database.load(given));
    const { handle, problems } = edge({ bundle, database: [{ from: `http://127.0.0.1:${server.address().port}/`, open, refreshSeconds: 0 }] });
    for (let at = 0; at < 3; at += 1) {
      await handle(pageRequest(ALDER), {}, { waitUntil: (work) => waiting.push(work) });
      await Promise.all(waiting);
    }
    assert.deepEqual([versions, loads, problems], [[null, '"1"', '"1"'], 1, []]);
    assert.equal(visits.filter(({ url }) => url !== undefined).at(-1).attributes.name, "Alder Bank");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
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
