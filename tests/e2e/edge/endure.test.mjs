// Every runtime for long: traps, good requests among bad ones, bundles that take each other's place. `make soak` asks for ten thousand
// pages of each, `make test` for fewer.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { wasmBytes } from "../../../www/test/sample.mjs";
import { eventually } from "../server.mjs";
import { brokenCores, BUNDLES } from "./broken.mjs";
import { ANSWERS, STRAY } from "./cases.mjs";
import { startOrigin } from "./origin.mjs";
import { RUNTIMES, startRuntime } from "./runtimes.mjs";
import { SLOTS, versionOf, versions } from "./versions.mjs";
import { digest, edge, PAGE, pageRequest } from "./world.mjs";

/** A tenth of them are traps. */
const PAGES = Number(process.env.NAMEPLATE_PAGES ?? 400);
const TRAPS = PAGES / 10;
const PATIENCE_MS = 30_000;

/** Slot for slot, so that bundles change while a page is on its way. */
function sendSlots(response) {
  response.writeHead(200, { "content-type": "text/html" });
  for (const name of SLOTS) response.write(`<p id="${name}">none</p>\n`);
  response.end();
}

const cores = { "core.wasm": wasmBytes(), ...brokenCores() };
const personal = digest(await (await edge().handle(pageRequest())).text());
const original = digest(PAGE);
let swaps = 0;
let origin;
before(async () => {
  origin = await startOrigin({ ...ANSWERS, "/versions": sendSlots }, { ...BUNDLES, swapped: (response) => response.end(versions[(swaps += 1) % 2]) });
});
after(() => origin?.stop());

for (const name of Object.keys(RUNTIMES)) {
  describe(name, () => {
    let runtime;
    before(async () => {
      runtime = await startRuntime(name, { origin: origin.url, core: null, modules: cores });
    });
    after(() => runtime?.stop());

    const ready = (edge) => eventually(async () => assert.equal(digest((await runtime.ask("/", { edge })).body), personal), PATIENCE_MS);
    const seen = async () => JSON.parse((await runtime.ask("/seen")).body);

    test(`${TRAPS} traps in decisions and as many in pages: every page comes, and no instance is called again`, async () => {
      for (const core of ["trap-in-second-decide.wasm", "trap-in-second-rewrite.wasm"]) {
        const edge = { module: core, refreshSeconds: 1e9 };
        await ready(edge);
        const { instances } = await seen();
        for (let page = 0; page < TRAPS; page += 1) {
          // A trap every other minute: more would be a reason to leave pages alone.
          const clock = 1_790_000_000_000 + page * 120_000;
          const came = [await runtime.ask("/", { edge, clock }), await runtime.ask("/", { edge, clock })];
          assert.deepEqual(came.map(({ status, body }) => [status, digest(body)]), [[200, original], [200, personal]], `${core}, page ${page}`);
        }
        const now = await seen();
        assert.equal(now.instances - instances, TRAPS, core);
        assert.equal(now.late, 0, core);
      }
    });

    test(`${PAGES} requests, good and bad in turn`, async () => {
      const bad = [
        ["/", { edge: { module: "trap-in-decide.wasm" } }, original],
        ["/stray", {}, digest(STRAY)],
        ["/", { edge: { bundle: "bit-flip" } }, original],
        ["/500", {}, original],
        ["/", { edge: { fault: "address" } }, original],
        ["/", { method: "PUT", headers: { "sec-fetch-dest": "nonsense", accept: ",,;;" }, body: "\0\u{1}" }, original],
        ["/", { edge: { module: "trap-in-rewrite.wasm" } }, original],
        ["/", { headers: { "accept-language": "\u00ff;;q=9", "accept-encoding": ";,gzip;q=x", referer: "::", "sec-gpc": "0" } }, personal],
      ];
      await ready({});
      for (let page = 0; page < PAGES; page += 2 * bad.length) {
        const some = bad.flatMap((one) => [["/", {}, personal], one]);
        const came = await Promise.all(some.map(([path, asked]) => runtime.ask(path, asked)));
        came.forEach(({ body }, index) => assert.equal(digest(body), some[index][2], `${some[index][0]} ${JSON.stringify(some[index][1])}`));
      }
      assert.equal((await seen()).late, 0);
    });

    test(`${PAGES} bundles take each other's place, and no page is of two`, async () => {
      const edge = { bundle: "swapped", refreshSeconds: 0 };
      const pages = { a: 0, b: 0, untouched: 0 };
      const from = swaps;
      while (swaps - from < PAGES) {
        // An odd number, or the last bundle of each round would be the same.
        const came = await Promise.all(Array.from({ length: 7 }, () => runtime.ask("/versions", { edge })));
        for (const { body } of came) {
          pages[versionOf(body)] += 1;
        }
      }
      assert.ok(pages.a > 0 && pages.b > 0, JSON.stringify(pages));
    });
  });
}
