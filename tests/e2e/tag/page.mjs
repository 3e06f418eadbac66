// Opens a page with the tag in Chromium and waits for what becomes of it.

import assert from "node:assert/strict";
import { launch, openPage } from "../browser.mjs";
import { eventually } from "../server.mjs";
import { serve } from "./site.mjs";

let browser;

/** One browser for the tests of a file. */
export async function startBrowser() {
  browser = await launch();
}

export function stopBrowser() {
  return browser?.close();
}

/**
 * Serves and opens a page; `look({ page, problems, uncaught, diagnose, dom, asked, told, url })` sees it once the tag has ended its work one
 * way or the other. `prepare(page)` runs before. `path` is where it is opened, `waitUntil` how far.
 */
export function visit(options, look) {
  return visitIn(() => openPage(browser, options.context), options, look);
}

/** The same in a page that `open()` gives: `{ page }`, and what it keeps of what goes wrong. */
export async function visitIn(open, options, look) {
  const { prepare = () => {}, path = "/", settled = true, waitUntil = "load", ...rest } = options;
  const { url, asked, told, stop } = await serve(rest);
  try {
    const { page, ...kept } = await open();
    try {
      await prepare(page);
      await page.goto(url + path, { waitUntil });
      const diagnose = () => page.evaluate(() => globalThis.nameplate.diagnose());
      const state = () => page.evaluate(() => globalThis.nameplate?.diagnose?.().state ?? "loading");
      if (settled) await eventually(async () => assert.notEqual(await state(), "loading"));
      const dom = () => page.evaluate(() => document.documentElement.outerHTML);
      return await look({ page, ...kept, diagnose, dom, asked, told, url });
    } finally {
      await page.close();
    }
  } finally {
    await stop();
  }
}

/** The same page with scripts off: what its author wrote, as a browser reads it. */
export async function authored(options = {}) {
  const { path = "/", ...rest } = options;
  const server = await serve(rest);
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  try {
    await page.goto(server.url + path);
    return await page.content().then((html) => html.replace(/^<!DOCTYPE html>/i, ""));
  } finally {
    await page.close();
    await server.stop();
  }
}
