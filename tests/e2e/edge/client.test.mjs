// Whose address counts: the table of requests to which the library and the decision server are held (`tests/it/client.rs`), by what the
// package exports, and as an edge runtime sees the requests.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseClientAddress } from "../../../www/dist/lib/edge.js";
import { wasmBytes } from "../../../www/test/sample.mjs";
import { startOrigin } from "./origin.mjs";
import { startRuntime } from "./runtimes.mjs";
import { edge, pageRequest } from "./world.mjs";

const FORGED = "198.51.100.66";

/** Header values are bytes. */
const rows = readFileSync(new URL("../../client.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [source, socket, expected, ...headers] = line.split("\t");
    const pairs = headers.map((header) => [header.slice(0, header.indexOf(": ")).toLowerCase(), Buffer.from(header.slice(header.indexOf(": ") + 2)).toString("latin1")]);
    return { line, source, socket, expected: expected === "-" ? null : canonical(expected), pairs };
  });

/** An address in eight groups or four numbers, however it was spelled. */
function canonical(address) {
  if (!address.includes(":")) return address;
  const [head, tail] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const gap = tail === undefined ? [] : Array(8 - head.length - tail.length).fill("0");
  return [...head, ...gap, ...(tail ?? [])].join(":");
}

test("no forged header makes somebody another in JavaScript", () => {
  const forged = rows.filter(({ pairs }) => pairs.some(([, value]) => value.includes(FORGED)));
  assert.ok(forged.length >= 200, `${forged.length} forged requests`);
  for (const { line, source, socket, expected, pairs } of rows) {
    assert.equal(parseClientAddress(source, new Headers(pairs), socket === "-" ? null : socket), expected, line);
    assert.notEqual(expected, FORGED);
  }
});

test("nor in workerd", async () => {
  const origin = await startOrigin({}, {});
  const runtime = await startRuntime("workerd", { origin: origin.url, core: wasmBytes() });
  try {
    for (const { line, source, socket, expected, pairs } of rows) {
      const headers = { "cf-connecting-ip": null, "x-policy": source, "x-socket": socket };
      for (const [name, value] of pairs) headers[name] = [headers[name] ?? [], value].flat();
      const { body } = await runtime.ask("/client", { headers });
      assert.equal(JSON.parse(body), expected, line);
    }
  } finally {
    await runtime.stop();
    await origin.stop();
  }
});

test("a translator's prefix counts where it is named", async () => {
  const check = (nat64, address, expected) => assert.equal(parseClientAddress({ source: "x-real-ip", nat64 }, new Headers({ "x-real-ip": address })), canonical(expected), `${nat64} ${address}`);
  // The examples of RFC 6052.
  check(["2001:db8::/32"], "2001:db8:c000:221::", "192.0.2.33");
  check(["2001:db8:100::/40"], "2001:db8:1c0:2:21::", "192.0.2.33");
  check(["2001:db8:122::/48"], "2001:db8:122:c000:2:2100::", "192.0.2.33");
  check(["2001:db8:122:300::/56"], "2001:db8:122:3c0:0:221::", "192.0.2.33");
  check(["2001:db8:122:344::/64"], "2001:db8:122:344:c0:2:2100::", "192.0.2.33");
  check(["2001:db8::/96", "64:ff9b::/96"], "64:ff9b::192.0.2.33", "192.0.2.33");
  check(["64:ff9b::/96"], "64:ff9b:1::c000:221", "64:ff9b:1::c000:221");
  check(undefined, "64:ff9b::c000:221", "64:ff9b::c000:221");
  for (const wrong of ["64:ff9b::", "64:ff9b::/95", "10.0.0.0/8"]) assert.throws(() => check([wrong], "::", ""), /prefix of a translator/);
});

test("proxies told by their prefixes, and the caller himself, are asked of the runtime", async () => {
  const ask = async (options, headers = {}) => {
    const visits = [];
    const bundle = { decide: (visit) => (visits.push(visit.ip), { slots: [] }) };
    await edge({ bundle, ...options }).handle(pageRequest("192.0.2.1", { headers }));
    return visits[0];
  };
  const list = { "x-forwarded-for": `${FORGED}, 192.0.2.7, 10.0.0.2` };
  const behind = { clientAddress: "x-forwarded-for=10.0.0.0/8" };
  assert.equal(await ask({ ...behind, socket: () => "10.0.0.1" }, list), "192.0.2.7");
  assert.equal(await ask({ ...behind, socket: () => "::ffff:10.0.0.1" }, list), "192.0.2.7");
  assert.equal(await ask({ ...behind, socket: () => "192.0.2.99" }, list), null);
  assert.equal(await ask({ ...behind, socket: () => undefined }, list), null);
  assert.equal(await ask({ clientAddress: "socket", socket: () => "192.0.2.9" }, list), "192.0.2.9");
  assert.equal(await ask({ clientAddress: () => "64:ff9b::c000:209", nat64: ["64:ff9b::/96"] }), "192.0.2.9");
  assert.throws(() => edge(behind), /expected `socket` beside/);
});
