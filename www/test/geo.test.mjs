// Address databases in the package: read as the program reads them, from whatever they come in, within their memory; and broken ones fail
// where the table says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Nameplate } from "nameplate";
import { Database } from "nameplate/geo";
import { outcomeOf, rowsOf } from "./hostile-databases.mjs";
import { bundle, program, sampleBytes, sampleNetworks } from "./sample.mjs";

const root = new URL("../../", import.meta.url);
const file = new URL("data/mmdb/sample-asn.mmdb", root);
const sample = new Uint8Array(readFileSync(file));
const rows = rowsOf(readFileSync(new URL("tests/mmdb/stages.txt", root), "utf8"));
const module = await WebAssembly.compile(readFileSync(new URL("www/dist/lib/nameplate_geo.wasm", root)));
const SIEMENS = { asn: 15465, organisation: "SIEMENS AG", isp: null, domain: null, country: null, usage: null, company: null };

/** The bytes in pieces, as they come over a network. */
function streamOf(bytes, size = 100_000) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, (at += size)));
    },
  });
}

test("a database is read from whatever it comes in", async () => {
  for (const [given, options] of [
    [sample], [sample.buffer], [streamOf(sample)], [streamOf(sample), { length: sample.length }], [new Response(sample)], [new Response(streamOf(sample), { headers: { "content-length": sample.length } })],
    [new Response(streamOf(sample), { headers: { "content-length": "7", "content-encoding": "br" } })], [`data:application/octet-stream;base64,${Buffer.from(sample).toString("base64")}`],
  ]) {
    const database = await Database.load(given, options);
    const { kind, ipVersion, byteCount, built, nodeCount } = database.about;
    assert.deepEqual([kind, ipVersion, byteCount], ["Nameplate-Sample-ASN (compat=GeoLite2-ASN)", 6, sample.length]);
    assert.ok(built > 1_700_000_000 && nodeCount > 100_000);
    assert.deepEqual(database.find("139.23.204.1"), { kind: "record", record: SIEMENS });
    database.free();
    assert.deepEqual(database.find("139.23.204.1"), { kind: "not-answerable" });
  }
});

test("what is no database says so", async () => {
  const check = (given, message, options) => assert.rejects(Database.load(given, options), message);
  await check(new Uint8Array(0), /expected its metadata in the last 131072 bytes, found none/);
  await check(new Uint8Array(1_000_000), /found none/);
  await check(sample.subarray(0, -1), /no address database/);
  await check(streamOf(sample), new RegExp(`expected an address database of ${sample.length + 1} bytes, found ${sample.length}$`), { length: sample.length + 1 });
  await check(streamOf(sample), new RegExp(`expected an address database of ${sample.length - 1} bytes, found more`), { length: sample.length - 1 });
  await check(streamOf(sample), /there is no room/, { length: (1 << 30) + 1 });
  await check(new Response(null, { status: 404 }), /expected an address database from its source, found status 404/);
  await check(sample, /expected one of asn, .*, found `size`/, { fields: { size: "a" } });
  for (const wrong of [null, undefined, 7]) await check(wrong, /expected as bytes/);
});

test("no address, and none of the public internet, is found", async () => {
  const database = await Database.load(sample);
  for (const ip of ["", "x", "139.23.204", "139.23.204.1:80", "10.0.0.1", "::139.23.204.1", "2002:8b17:cc01::1", null, undefined, 7, {}]) assert.deepEqual(database.find(ip), { kind: "nothing" }, String(ip));
  for (const ip of ["139.23.204.1", " 139.23.204.1 ", "::ffff:139.23.204.1", "::FFFF:8B17:CC01"]) assert.deepEqual(database.find(ip).record, SIEMENS, ip);
});

test("JavaScript and the program know the same of a visit", async () => {
  const database = await Database.load(sample);
  const nameplate = await Nameplate.load(sampleBytes());
  const ips = sampleNetworks().filter((_, at) => at % 100 === 0).map(({ prefix }) => prefix.split("/")[0]);
  const visits = [...ips, "8.8.8.8", "10.0.0.1", "2a00:1450::1"].map((ip) => ({ ip, url: "/", now: 1_790_000_000 }));
  const input = visits.map((visit) => JSON.stringify(visit)).join("\n");
  const native = execFileSync(program, ["decide", bundle, "--batch", "--mmdb", file.pathname], { input }).toString().trim().split("\n");
  visits.forEach((visit, at) => assert.deepEqual(nameplate.decide(database.described(visit)), JSON.parse(native[at]), visit.ip));
});

test("a visit is told what the database knows, and what it says itself stays", async () => {
  const good = rows.find(({ name }) => name === "good, records of 24 bits");
  const database = await Database.load(good.bytes());
  const company = { id: null, name: "Alder Bank", shortName: null, domains: null, industry: null, employees: null, revenue: null, country: null, tier: null, stage: null, lifetimeValue: null, intent: null, technologies: null, owner: null, parent: null };
  const custom = { asn: 64496, organisation: "Alder Bank", usage: "business" };
  assert.deepEqual(database.described({ ip: "8.8.8.8", url: "/" }), { ip: "8.8.8.8", url: "/", attributes: company, visitor: { custom } });
  const said = { ip: "8.8.8.8", attributes: { name: "Birch" }, visitor: { visits: 2, custom: { asn: 1, plan: "pro" } } };
  assert.deepEqual(database.described(said), { ...said, visitor: { visits: 2, custom: { ...custom, asn: 1, plan: "pro" } } });
  for (const visit of [{}, { ip: "9.9.9.9" }, { ip: null }, { ip: 7 }, null, undefined]) assert.equal(database.described(visit), visit);
  const mapped = await Database.load(good.bytes(), { fields: { industry: "type", isp: "name" } });
  assert.deepEqual([mapped.find("8.8.8.8").record.isp, mapped.find("8.8.8.8").record.company?.industry], ["Alder Bank", undefined]);
});

test("a database of 60 MB takes little more than its own bytes", async () => {
  // More data behind the last record, which nobody points to.
  const marker = Buffer.from(sample).lastIndexOf("MaxMind.com") - 3;
  const length = 60 << 20;
  async function* pieces() {
    yield sample.subarray(0, marker);
    for (let left = length - sample.length; left > 0; left -= 1 << 20) yield new Uint8Array(Math.min(left, 1 << 20));
    yield sample.subarray(marker);
  }
  const database = await Database.load(ReadableStream.from(pieces()), { length });
  assert.deepEqual(database.find("139.23.204.1").record, SIEMENS);
  assert.ok(database.memoryBytes < length + (4 << 20), `${database.memoryBytes} bytes of memory`);
  const opened = database.memoryBytes;
  for (let at = 0; at < 20_000; at += 1) database.find(`139.23.${at % 256}.1`);
  assert.equal(database.memoryBytes, opened);
});

for (const row of rows) {
  test(`broken databases fail where the table says: ${row.name}`, async () => {
    assert.equal(await outcomeOf(row, (bytes) => Database.load(bytes, { module })), row.expected);
  });
}
