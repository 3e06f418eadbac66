// The browser's core as JavaScript answers as WebAssembly does: the same package, the same bundle, the same visits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { transform } from "esbuild";
import { instantiate } from "../dist/core.js";
import { Nameplate } from "../dist/lib/node.js";
import { sampleBytes, sampleNetworks } from "./sample.mjs";

let wasm;
let js;
let load;

before(async () => {
  const source = readFileSync(new URL("../tag/script-core.ts", import.meta.url), "utf8");
  const { code } = await transform(source, { loader: "ts" });
  const { host, ScriptCore } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  wasm = await Nameplate.load(sampleBytes());
  load = async (bytes) => {
    const own = globalThis.WebAssembly;
    // As `build.mjs` gives it to the tag.
    globalThis.WebAssembly = { ...host, RuntimeError: own.RuntimeError };
    try {
      return await Nameplate.load(bytes, { module: new ScriptCore(instantiate) });
    } finally {
      globalThis.WebAssembly = own;
    }
  };
  js = await load(sampleBytes());
});

test("both decide alike", () => {
  const roles = ["champion", "approver", undefined];
  const paths = ["/", "/pricing?utm_source=partner&utm_campaign=%C3%A4", "/customers#x"];
  const visits = [
    ...wasm.site().accounts.map(({ id }, index) => ({ account: id, visitor: { visits: index % 6, role: roles[index % 3], id: `v-${index}` } })),
    ...sampleNetworks().filter((_, index) => index % 5 === 0).map(({ prefix }) => ({ ip: prefix.split("/")[0] })),
    { ip: "203.0.113.7" },
    { ip: "2001:db8::1" },
    {},
  ].map((visit, index) => ({ ...visit, url: `https://www.tidewater.example${paths[index % 3]}`, now: 1_780_000_000 + index * 3600 }));
  for (const visit of visits) assert.deepEqual(js.decide(visit), { ...wasm.decide(visit), cohort: null }, JSON.stringify(visit));
  assert.ok(visits.length > 600);
});

test("both refuse the same bytes with the same words", async () => {
  const said = (loading) => loading.then(() => "open", (error) => error.message);
  for (const length of [0, 7, 8, 43, 44, 45, 300, 20_000]) {
    const bytes = sampleBytes().subarray(0, length);
    const words = await said(load(bytes));
    assert.equal(words, await said(Nameplate.load(bytes)), `${length} bytes`);
    assert.notEqual(words, "open");
  }
  const changed = new Uint8Array(sampleBytes());
  for (let at = 0; at < changed.length; at += 997) {
    changed[at] ^= 16;
    assert.equal(await said(load(changed)), await said(Nameplate.load(changed)), `byte ${at}`);
    changed[at] ^= 16;
  }
});
