// The script tag of a page whose web server hands `/np/` to `nameplate serve`: what an account's visitor sees is what the program decides.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, openPage } from "./browser.mjs";
import { startServe } from "./server.mjs";
import { startWeb } from "./web.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env.NAMEPLATE_PROGRAM ?? join(root, "target/release/nameplate");
const bundle = join(root, "target/site.npb");
const DEUTSCHE_BANK = "129.35.230.1";
const NOBODY = "8.8.8.8";

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([launch(), startServe(bundle)]);
});
after(() => Promise.all([browser.close(), server.stop()]));

/** A web server of one page, for a client at `ip`. */
function site(ip, slots) {
  const elements = slots.map(({ selector }) => `<p id="${selector.slice(1)}">authored</p>`).join("\n");
  const body = `<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><script async src="/np/tag.js" data-np-consent="granted" data-np-account="events"></script><body>${elements}`;
  return startWeb(server.url, { page: () => ({ body }), address: () => ip });
}

/** The texts that the program decides for an address, by slots whose element an id names. */
function decided(ip, url) {
  const said = execFileSync(program, ["decide", bundle, "--ip", ip, "--url", url, "--language", "en-US", "--json"], { encoding: "utf8" });
  return JSON.parse(said).slots.flatMap((slot) => {
    const text = slot.changes.find(({ kind }) => kind === "text");
    return text && /^#[\w-]+$/.test(slot.selector) ? [{ ...slot, text: text.value }] : [];
  });
}

test("a visitor of an account sees what the program decides for his address", async () => {
  const expected = decided(DEUTSCHE_BANK, "http://127.0.0.1/");
  assert.ok(expected.length > 0, "the sample site has texts for this account");
  const { url, stop } = await site(DEUTSCHE_BANK, expected);
  const { page, problems } = await openPage(browser);
  try {
    await page.goto(url);
    for (const { selector, text } of expected) {
      await page.waitForFunction(([at, wanted]) => document.querySelector(at).textContent === wanted, [selector, text]);
    }
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await stop();
  }
});

test("a stranger's browser gets nothing of an account", async () => {
  const { url, stop } = await site(NOBODY, decided(DEUTSCHE_BANK, "http://127.0.0.1/"));
  const { page, problems } = await openPage(browser);
  try {
    const slice = page.waitForResponse((response) => response.url().endsWith("/np/slice"));
    await page.goto(url);
    const bytes = await (await slice).body();
    assert.equal(bytes.includes("eutsche"), false);
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await stop();
  }
});

/** An address in all ways in which something could hold it: as people write it, its network too, as a number, and as bytes, last byte first as well. */
function traces(ip) {
  const bytes = Buffer.from(ip.split(".").map(Number));
  const texts = [ip, ip.replace(/\.\d+$/, "."), `${bytes.readUInt32BE()}`, `${bytes.readUInt32LE()}`, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, "")];
  return [...texts.map((text) => Buffer.from(text)), bytes, Buffer.from(bytes).reverse()];
}

test("no address of the visitor is in what the browser gets, shows, keeps, says and tells, although all of it follows from his address", async () => {
  const expected = decided(DEUTSCHE_BANK, "http://127.0.0.1/");
  const { url, stop } = await site(DEUTSCHE_BANK, expected);
  const { page, problems } = await openPage(browser);
  const seen = new Map();
  page.on("console", (message) => seen.set(`said: ${message.text()}`, message.text()));
  page.on("request", (request) => seen.set(`asked for ${request.url()}`, request.url() + (request.postData() ?? "")));
  // Of what comes when the page goes the driver no longer knows a body.
  const answers = [];
  page.on("response", (response) => answers.push(Promise.all([response.url(), response.allHeaders(), response.body()]).catch(() => null)));
  try {
    await page.goto(url);
    const [{ selector, text }] = expected;
    await page.waitForFunction(([at, wanted]) => document.querySelector(at).textContent === wanted, [selector, text]);
    const told = page.waitForRequest((request) => request.url().endsWith("/np/events"));
    const own = await page.evaluate(() => {
      const { nameplate } = globalThis;
      nameplate.track("signup");
      const kept = [JSON.stringify({ ...localStorage, ...sessionStorage }), document.cookie];
      const said = [nameplate.decision(), nameplate.diagnose(), nameplate.facts()].map((one) => JSON.stringify(one));
      const shown = document.documentElement.outerHTML;
      nameplate.stop();
      return { ...said, kept: kept.join(), shown };
    });
    for (const [name, value] of Object.entries(own)) seen.set(name, value);
    seen.set("told", (await told).postData());
    assert.match(seen.get("told"), /"account":/);
    for (const answer of await Promise.all(answers)) {
      if (answer !== null) seen.set(`got ${answer[0]}`, Buffer.concat([Buffer.from(JSON.stringify(answer[1])), answer[2]]));
    }
    assert.ok(seen.has(`got ${url}/np/slice`), [...seen.keys()].join("\n"));
    for (const [name, value] of seen) {
      for (const trace of traces(DEUTSCHE_BANK)) assert.ok(!Buffer.from(value ?? "").includes(trace), `${name}: ${trace}`);
    }
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await stop();
  }
});

test("the server takes the events of docs/events.md", async () => {
  const [, example] = /```json\n([^]*?)```/.exec(readFileSync(new URL("../../docs/events.md", import.meta.url), "utf8"));
  const send = async (body) => (await fetch(`${server.url}/np/events`, { method: "POST", headers: { "x-forwarded-for": NOBODY }, body })).status;
  assert.equal(await send(example), 204);
  assert.equal(await send(example.replace('"id"', '"number"')), 400);
});
