// Bundles that take each other's place while pages are on their way, and bad ones among them: no page is of two, and a bad one is as if
// it had not come. `make soak` has ten thousand take each other's place during a million decisions, `make test` fewer.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SLOTS, versionOf, versions } from "./versions.mjs";
import { edge, pageRequest, pageResponse } from "./world.mjs";

const SWAPS = Number(process.env.NAMEPLATE_SWAPS ?? 50);
/** While a bundle comes, good or bad: so many visitors, each of whom sees so many pages. */
const VISITORS = 10;
const PAGES_EACH = 5;
const PATIENCE_MS = 30_000;
const PAGE = Buffer.from(SLOTS.map((name) => `<p id="${name}">none</p>\n`).join(""));
const DAMAGED = Buffer.from(versions[0]).fill(7, 100, 108);

/** Pages go on meanwhile. The clock is the test's. */
async function until(holds) {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) assert.ok(performance.now() < end, String(holds));
}

const { now } = Date;
after(() => (Date.now = now));

test(`${SWAPS} bundles take each other's place during ${2 * SWAPS * VISITORS * PAGES_EACH} decisions, a bad one before each`, async () => {
  let time = now();
  let given = versions[1];
  Date.now = () => time;
  const { handle, problems } = edge({ bundle: async () => given, refreshSeconds: 10, origin: () => pageResponse({ body: PAGE }) });
  const seen = { a: 0, b: 0, untouched: 0 };
  const see = async () => {
    const response = await handle(pageRequest());
    // What reads and opens a bundle has its turn between a decision and its page.
    await new Promise(setImmediate);
    return versionOf(await response.text());
  };
  const visit = async () => {
    for (let page = 0; page < PAGES_EACH; page += 1) seen[await see()] += 1;
  };
  const come = (bytes) => {
    given = bytes;
    time += 10_000;
    return Promise.all(Array.from({ length: VISITORS }, visit));
  };
  await until(async () => (await see()) === "b");

  for (let swap = 0; swap < SWAPS; swap += 1) {
    await come(DAMAGED);
    await until(async () => (await see()) !== "untouched" && problems.length > swap);
    await come(versions[swap % 2]);
    await until(async () => (await see()) === "ab"[swap % 2]);
  }
  assert.deepEqual([seen.untouched, problems.length], [0, SWAPS]);
  assert.ok(Math.min(seen.a, seen.b) > 0, JSON.stringify(seen));
  assert.match(problems.join("\n"), /^(?:.*checksum.*\n?)+$/);
});
