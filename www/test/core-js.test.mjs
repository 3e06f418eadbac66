// The browser's core as JavaScript answers as WebAssembly does: the same package, the same bundle, the same visits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { transform } from "esbuild";
import { instantiate } from "../dist/core.js";
import { Nameplate } from "../dist/lib/node.js";
import { sampleBytes } from "./sample.mjs";

let whole;
let load;

before(async () => {
  const source = readFileSync(new URL("../tag/script-core.ts", import.meta.url), "utf8");
  const { code } = await transform(source, { loader: "ts" });
  const { host, ScriptCore } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  whole = await Nameplate.load(sampleBytes());
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
});

test("both decide alike", async () => {
  const roles = ["champion", "approver", undefined];
  const paths = ["/", "/pricing?utm_source=partner&utm_campaign=%C3%A4", "/customers#x"];
  let decided = 0;
  for (const account of [...whole.site().accounts.map(({ id }) => id), undefined]) {
    const slice = whole.slice({ account });
    const wasm = await Nameplate.load(slice);
    const js = await load(slice);
    for (let index = 0; index < 9; index += 1, decided += 1) {
      const visitor = { visits: index, role: roles[index % 3], id: `v-${decided}` };
      const visit = { account, visitor, url: `https://www.tidewater.example${paths[index % paths.length]}`, now: 1_780_000_000 + decided * 3600 };
      assert.deepEqual(js.decide(visit), { ...wasm.decide(visit), cohort: null }, JSON.stringify(visit));
    }
    js.free();
    wasm.free();
  }
  assert.ok(decided > 600);
});

test("a bundle with networks is for servers", async () => {
  await assert.rejects(load(sampleBytes()), /section `networks` at byte \d+: expected no networks/);
});

test("both refuse the same bytes with the same words", async () => {
  const said = (loading) => loading.then(() => "open", (error) => error.message);
  const slice = whole.slice({ account: "siemens" });
  for (const length of [0, 7, 8, 43, 44, 45, 300, slice.length - 1]) {
    const bytes = slice.subarray(0, length);
    const words = await said(load(bytes));
    assert.equal(words, await said(Nameplate.load(bytes)), `${length} bytes`);
    assert.notEqual(words, "open");
  }
  const changed = new Uint8Array(slice);
  for (let at = 0; at < changed.length; at += 97) {
    changed[at] ^= 16;
    assert.equal(await said(load(changed)), await said(Nameplate.load(changed)), `byte ${at}`);
    changed[at] ^= 16;
  }
});
