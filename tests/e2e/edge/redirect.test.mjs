// A decision that sends the visitor elsewhere is a 302 where a visit begins, and never a circle.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { sliceBytes } from "../tag/site.mjs";
import { edge, pageResponse } from "./world.mjs";

const ORIGIN = "https://www.example.com";
const bundle = await Nameplate.load(sliceBytes("--stranger"));

/** Where the visitor of a page is sent, or `null`. */
async function sent(path, headers = {}, method = "GET") {
  const { handle, problems } = edge({ bundle, origin: () => pageResponse({ body: "the page" }), clientAddress: () => null });
  const given = { accept: "text/html", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site", ...headers };
  const entries = Object.entries(given).filter(([, value]) => value !== null);
  const response = await handle(new Request(ORIGIN + path, { method, headers: Object.fromEntries(entries) }));
  assert.deepEqual(problems, []);
  if (response.status === 200) return assert.equal(await response.text(), "the page") ?? null;
  assert.equal(response.status, 302);
  for (const name of ["cache-control", "cdn-cache-control", "surrogate-control"]) assert.equal(response.headers.get(name), "private, no-store");
  return response.headers.get("location");
}

test("it goes along with the query, to the site's own pages and to others", async () => {
  assert.equal(await sent("/start"), `${ORIGIN}/from/start?of=nobody`);
  assert.equal(await sent("/start?utm_source=a&of=b"), `${ORIGIN}/from/start?of=nobody&utm_source=a`);
  assert.equal(await sent("/shop?utm_source=a"), "https://shop.example.com/banks");
});

test("nobody goes round in circles", async () => {
  for (const path of ["/circle/a", "/circle/b", "/itself/", "/itself", "/itself?x=1"]) assert.equal(await sent(path), null, path);
});

test("only where a visit begins, in a window of its own, by who looks at it", async () => {
  for (const site of ["none", "cross-site", "same-site"]) assert.notEqual(await sent("/start", { "sec-fetch-site": site }), null, site);
  for (const headers of [{ "sec-fetch-site": "same-origin" }, { "sec-fetch-site": null }, { "sec-fetch-dest": "iframe" }, { "sec-fetch-dest": null }, { "sec-purpose": "prefetch;prerender" }]) {
    assert.equal(await sent("/start", headers), null, JSON.stringify(headers));
  }
  assert.equal(await sent("/start", {}, "POST"), null);
});
