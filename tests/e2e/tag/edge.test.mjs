// A page that the edge has personalised: complete before any script, and in the tag's hands the same as one that it changed itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { eventually } from "../server.mjs";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { BODY, sliceBytes, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const CHANGES = `${BODY}
<p id="flag" class='old  mine' title="a &quot;flag&quot;">Flag</p><p id="gone">Gone</p><p id="promo" hidden>Promo</p><ul><li class="item">One</ul>`;

/** The page on its way through the edge, in the chunks that `cut` makes of it. */
async function rewritten(path, body, { slice = null, cut = (html) => [html] } = {}) {
  const nameplate = await Nameplate.load(sliceBytes());
  const decision = nameplate.decide({ account: "alder", url: path, now: 1_790_000_000 });
  const html = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">${TAG}</head>\n<body>\n${body}\n</body></html>`;
  const rewriter = nameplate.rewriter(decision, slice);
  const parts = cut(Buffer.from(html)).map((chunk) => rewriter.write(chunk));
  const page = Buffer.concat([...parts, rewriter.end()]);
  assert.ok(rewriter.rewrites > 0);
  nameplate.free();
  return page;
}

for (const [path, body] of [["/", BODY], ["/changes", CHANGES]]) {
  test(`${path} arrives personalised, ends as the tag alone would leave it, and goes back to what its author wrote`, async () => {
    const html = await rewritten(path, body);
    const byTag = await visit({ path, page: () => ({ body }) }, ({ dom }) => dom());
    const byAuthor = await authored({ path, page: () => ({ body }) });
    const byEdge = await authored({ path, page: () => ({ type: "text/html; charset=utf-8", body: html }) });
    assert.match(byEdge, path === "/" ? /Hello, Alder Bank/ : /For <b>Alder Bank<\/b>/);
    await visit({ path, page: () => ({ type: "text/html; charset=utf-8", body: html }) }, async ({ page, dom, problems, diagnose }) => {
      assert.equal(await dom(), byTag);
      assert.deepEqual((await diagnose()).applied.filter(({ problem }) => problem !== null), []);
      await page.evaluate(() => globalThis.nameplate.stop());
      assert.equal(await dom(), byAuthor);
      assert.deepEqual(problems, []);
    });
  });
}

test("with the slice in the page the tag asks for none", async () => {
  const body = await rewritten("/", BODY, { slice: sliceBytes() });
  await visit({ page: () => ({ type: "text/html; charset=utf-8", body }) }, async ({ diagnose, asked }) => {
    assert.deepEqual([(await diagnose()).slice, asked.includes("/np/slice")], ["inline", false]);
  });
});

test("a page cut into bytes is the same page", async () => {
  const [whole, bytes] = [await rewritten("/changes", CHANGES), await rewritten("/changes", CHANGES, { cut: (html) => [...html].map((byte) => Uint8Array.of(byte)) })];
  assert.equal(bytes.toString(), whole.toString());
});

test("what is still on its way is put back when it is whole", async () => {
  const html = await rewritten("/", BODY);
  const byTag = await visit({}, ({ dom }) => dom());
  for (const mark of ["<template data-np-edge>Wel", "</template>", "<!--/np-->", "Hello, "]) {
    const at = html.indexOf(mark) + mark.length;
    const pieces = [html.subarray(0, at), html.subarray(at)];
    await visit({ page: () => ({ type: "text/html; charset=utf-8", pieces }), waitUntil: "commit" }, async ({ dom }) => {
      await eventually(async () => assert.equal(await dom(), byTag));
    });
  }
});
