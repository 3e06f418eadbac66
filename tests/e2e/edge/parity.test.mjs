// One digest everywhere: the same visits are decided by the native program, in Node, in every edge runtime and in Chromium, each with the
// package as it finds it. `make soak` asks for a million visits, `make test` for fewer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { CHUNK, digest, digestsOf, makeVisits } from "../../../www/test/random-visits.mjs";
import { decideNatively, sampleBytes, sampleNetworks, wasmBytes } from "../../../www/test/sample.mjs";
import { bundle, launch, openPage } from "../browser.mjs";
import { startOrigin } from "./origin.mjs";
import { RUNTIMES, startRuntime } from "./runtimes.mjs";

const VISITS = Number(process.env.NAMEPLATE_VISITS ?? 20_000);
const ORIGIN = "https://www.tidewater.example";
const lib = new URL("../../../www/dist/lib/", import.meta.url);

const nameplate = await Nameplate.load(sampleBytes());
const networks = sampleNetworks();
/** What is asked of everybody: how many visits, and the rows they are made from. */
const asked = JSON.stringify({ count: VISITS, networks });
let expected;
let origin;

before(async () => {
  expected = await digestsOf(nameplate, makeVisits(VISITS, nameplate.site(), networks));
  origin = await startOrigin({ "/asked": (response) => response.end(asked) }, { good: sampleBytes() });
});
after(() => origin?.stop());

test(`${VISITS} visits are decided natively as in Node`, async () => {
  const visits = makeVisits(VISITS, nameplate.site(), networks);
  const native = [];
  for (let at = 0; at < VISITS; at += CHUNK) {
    const chunk = Array.from({ length: CHUNK }, () => visits.next().value);
    native.push(await digest(await decideNatively(chunk, [])));
  }
  assert.deepEqual(native, expected);
  assert.equal(new Set(native).size, VISITS / CHUNK);
});

for (const name of Object.keys(RUNTIMES)) {
  test(`and in ${name}`, async () => {
    const runtime = await startRuntime(name, { origin: origin.url, core: wasmBytes() });
    try {
      const { body } = await runtime.ask("/parity");
      assert.deepEqual(JSON.parse(body), expected);
    } finally {
      await runtime.stop();
    }
  });
}

test("and in Chromium", async () => {
  const visits = await bundle('export * from "./test/random-visits.mjs"', { format: "esm" });
  const files = { "/": ["text/html", "<!doctype html><link rel=icon href='data:,'>"], "/visits.js": ["text/javascript", visits], "/asked": ["application/json", asked], "/site.npb": ["application/octet-stream", sampleBytes()] };
  const browser = await launch();
  try {
    const { page, problems } = await openPage(browser);
    await page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      const isLib = pathname.startsWith("/lib/");
      const [contentType, body] = isLib ? [pathname.endsWith(".js") ? "text/javascript" : "application/wasm", readFileSync(new URL(pathname.slice("/lib/".length), lib))] : files[pathname];
      return route.fulfill({ contentType, body });
    });
    await page.goto(`${ORIGIN}/`);
    const digests = await page.evaluate(async () => {
      const [{ Nameplate }, { digestsOf, makeVisits }] = await Promise.all([import("/lib/browser.js"), import("/visits.js")]);
      const nameplate = await Nameplate.load(await (await fetch("/site.npb")).arrayBuffer());
      const { count, networks } = await (await fetch("/asked")).json();
      return digestsOf(nameplate, makeVisits(count, nameplate.site(), networks));
    });
    assert.deepEqual(digests, expected);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});
