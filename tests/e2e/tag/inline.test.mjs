// A site whose handler answers all below `/np/`: the page arrives with its visitor's slice, and the tag needs no request for it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { launch, openPage } from "../browser.mjs";
import { edge, file, nameplate, pageResponse, SIEMENS } from "../edge/world.mjs";
import { eventually } from "../server.mjs";

const WAIT_MS = 30_000;
const NONCE = "default-src 'none'; script-src 'nonce-n0nce' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A page of the sample's slots, `head` in its head. */
function pageOf(head) {
  const parts = nameplate.decide({ ip: SIEMENS, url: "http://127.0.0.1/", now: 1_790_000_000 }).slots;
  const texts = parts.filter(({ selector, changes }) => /^#[\w-]+$/.test(selector) && changes.some(({ kind }) => kind === "text"));
  assert.ok(texts.length > 0, "the sample site has texts for this account");
  const body = texts.map(({ selector }) => `<p id="${selector.slice(1)}">authored</p>`).join("\n");
  return { texts, html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">${head}</head><body>\n${body}\n</body></html>` };
}

/** Opens a page for a visitor of Siemens; `look` sees it when the tag has decided. `asked` is what the browser asked for, `told` its events. */
async function visit({ head, headers }, look) {
  const { texts, html } = pageOf(head);
  const asked = [];
  const told = [];
  const { handle, problems } = edge({
    clientAddress: () => SIEMENS,
    origin: () => pageResponse({ body: html, headers }),
    np: { files: file, events: (events) => void told.push(...events) },
  });
  const server = createServer(async (incoming, outgoing) => {
    const url = `http://${incoming.headers.host}${incoming.url}`;
    asked.push(new URL(url).pathname);
    const body = incoming.method === "POST" ? await buffer(incoming) : undefined;
    const response = await handle(new Request(url, { method: incoming.method, headers: incoming.headers, body }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    Readable.from(response.body ?? []).pipe(outgoing);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { page, problems: said } = await openPage(browser);
  page.setDefaultTimeout(WAIT_MS);
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => globalThis.nameplate.diagnose().state !== "loading");
    const diagnosis = await page.evaluate(() => globalThis.nameplate.diagnose());
    await look({ page, asked, told, diagnosis, texts });
    assert.deepEqual([problems, said], [[], []]);
  } finally {
    await page.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const HEADS = {
  "as everywhere": ['<script async src="/np/tag.js" data-np-consent="granted"></script>', {}],
  "under a policy of nonces": ['<script nonce="n0nce" async src="/np/tag.js" data-np-consent="granted"></script>', { "content-security-policy": NONCE }],
};
for (const [name, [head, headers]] of Object.entries(HEADS)) {
  test(`all that the tag needs is in the page or comes from the handler: ${name}`, () =>
    visit({ head, headers }, async ({ page, asked, told, diagnosis, texts }) => {
      assert.deepEqual([diagnosis.failure, diagnosis.slice, diagnosis.state], [null, "inline", "decided"]);
      assert.deepEqual([...new Set(asked)].sort(), ["/", "/np/core.wasm", "/np/tag-runtime.js", "/np/tag.js"]);
      assert.ok(!(await page.content()).includes("authored"));
      for (const { selector, changes } of texts) assert.equal(await page.locator(selector).textContent(), changes.find(({ kind }) => kind === "text").value);
      await page.evaluate(() => (globalThis.nameplate.track("signup"), globalThis.nameplate.stop()));
      await eventually(() => assert.ok(told.some(({ type, name }) => type === "conversion" && name === "signup")), WAIT_MS);
    }));
}
