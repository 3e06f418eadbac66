// The tag under content-security policies: it works without a violation where its files may be loaded, decides in JavaScript where
// WebAssembly is forbidden, and leaves the page alone where it is itself.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { dist, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const NONCE = TAG.replace("script ", 'script nonce="n0nce" ');
const NO_WASM = TAG.replace("script ", 'script data-np-core="js" ');
const INTEGRITY = `sha256-${createHash("sha256").update(readFileSync(join(dist, "tag.js"))).digest("base64")}`;
const TYPES = "require-trusted-types-for 'script'; trusted-types 'none'";
const REST = "style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; object-src 'none'";

/** Policy, tag, and what decides. */
const PROFILES = {
  "no policy": ["", TAG, "wasm"],
  "own scripts and styles": [`default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; style-src 'self'`, TAG, "wasm"],
  "nothing by default": [`default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ${REST}; ${TYPES}`, TAG, "wasm"],
  "a nonce": [`script-src 'nonce-n0nce' 'wasm-unsafe-eval'; ${REST}`, NONCE, "wasm"],
  "a nonce, strict-dynamic, no Trusted Types policy": [`script-src 'nonce-n0nce' 'strict-dynamic' 'wasm-unsafe-eval'; ${REST}; ${TYPES}`, NONCE, "wasm"],
  "own scripts, the tag pinned by its digest": [`script-src 'self' 'wasm-unsafe-eval'; ${REST}; ${TYPES}`, TAG.replace("script ", `script integrity="${INTEGRITY}" `), "wasm"],
  "own scripts, no WebAssembly": [`default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self'; ${TYPES}`, NO_WASM, "js"],
  "a nonce, strict-dynamic, no WebAssembly": [`script-src 'nonce-n0nce' 'strict-dynamic'; ${REST}; ${TYPES}`, NONCE.replace("script ", 'script data-np-core="js" '), "js"],
};

/** What the browser reports of the page's policy, by the directive that was violated. */
async function collect(page) {
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => globalThis.violations.push(`${violatedDirective} ${blockedURI}`));
  });
}

const violations = (page) => page.evaluate(() => globalThis.violations);

for (const [name, [policy, head, core]] of Object.entries(PROFILES)) {
  test(`the page is personalised without a violation: ${name}`, async () => {
    const headers = policy === "" ? {} : { "content-security-policy": policy };
    await visit({ page: () => ({ head, headers }), prepare: collect }, async ({ page, diagnose, problems, asked }) => {
      const diagnosis = await diagnose();
      assert.deepEqual({ failure: diagnosis.failure, core: diagnosis.core }, { failure: null, core });
      assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
      assert.equal(await page.locator(".lead a").getAttribute("href"), "/plants");
      const ad = await page.locator("#ad .np-ad").evaluate((host) => [getComputedStyle(host).width, host.shadowRoot.querySelector(".headline").textContent]);
      assert.deepEqual(ad, ["300px", "A plan for Alder Bank"]);
      assert.equal(asked.includes("/np/core.js"), core === "js");
      assert.equal(asked.includes("/np/core.wasm"), core === "wasm");
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(problems, []);
    });
  });
}

test("where a policy forbids WebAssembly and nobody has said so, one attempt is reported, and JavaScript decides", async () => {
  const headers = { "content-security-policy": `default-src 'self'; img-src 'self' data:; ${TYPES}` };
  await visit({ page: () => ({ headers }), prepare: collect }, async ({ page, diagnose, asked }) => {
    const { failure, core } = await diagnose();
    assert.deepEqual({ failure, core }, { failure: null, core: "js" });
    assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
    assert.deepEqual(await violations(page), ["script-src wasm-eval"]);
    assert.ok(!asked.includes("/np/core.wasm"));
  });
});

test("where there is no WebAssembly at all JavaScript decides", async () => {
  const prepare = (page) => page.addInitScript(() => delete globalThis.WebAssembly);
  await visit({ prepare }, async ({ page, diagnose }) => {
    const { failure, core } = await diagnose();
    assert.deepEqual({ failure, core }, { failure: null, core: "js" });
    assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
  });
});

for (const [name, policy] of Object.entries({
  "no scripts": "script-src 'none'",
  "only scripts of another nonce": "script-src 'nonce-other'",
  "a sandbox without scripts": "sandbox",
})) {
  test(`the page stays as it is under a policy of ${name}`, async () => {
    const options = { page: () => ({ headers: { "content-security-policy": policy } }), settled: false };
    const before = await authored({});
    await visit(options, async ({ page }) => {
      await page.waitForTimeout(200);
      // Scripts may be off altogether, in a sandbox.
      assert.equal((await page.content()).replace(/^<!DOCTYPE html>/i, ""), before);
    });
  });
}

test("in a sandbox of its own origin the slice is out of reach, and the page stays as it is", async () => {
  const options = { page: () => ({ headers: { "content-security-policy": "sandbox allow-scripts" } }) };
  const before = await authored({});
  await visit(options, async ({ dom, diagnose }) => {
    assert.equal((await diagnose()).state, "default");
    assert.equal(await dom(), before);
  });
});
