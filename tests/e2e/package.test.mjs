// The npm package in a real browser: the `browser` entry finds its wasm file by itself and decides as Node does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Nameplate } from "../../www/dist/lib/node.js";
import { sampleBytes, sampleNetworks } from "../../www/test/sample.mjs";
import { launch, openPage } from "./browser.mjs";

const ORIGIN = "https://www.tidewater.example";
const lib = new URL("../../www/dist/lib/", import.meta.url);

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

/** A blank page of an origin that serves the package below /lib/ and the bundle as /site.npb. */
async function openBlank(wasmType = "application/wasm") {
  const { page, problems } = await openPage(browser);
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return route.fulfill({ contentType: "text/html", body: "<!doctype html><link rel=icon href='data:,'>" });
    if (pathname === "/site.npb") return route.fulfill({ contentType: "application/octet-stream", body: sampleBytes() });
    if (pathname.endsWith(".js")) return route.fulfill({ contentType: "text/javascript", body: readFileSync(new URL(pathname.slice("/lib/".length), lib)) });
    if (pathname.endsWith(".wasm") && wasmType !== null) return route.fulfill({ contentType: wasmType, body: readFileSync(new URL(pathname.slice("/lib/".length), lib)) });
    return route.fulfill({ status: 404 });
  });
  await page.goto(`${ORIGIN}/`);
  return { page, problems };
}

test("a browser and Node decide alike", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const { accounts } = nameplate.site();
  const roles = ["champion", "approver", "user", undefined];
  const paths = ["/", "/pricing?utm_source=partner", "/customers"];
  const visits = [
    ...accounts.map(({ id }, index) => ({ account: id, visitor: { visits: index % 6, role: roles[index % 4], id: `v-${index}` } })),
    ...sampleNetworks().filter((_, index) => index % 10 === 0).map(({ prefix }, index) => ({ ip: prefix.split("/")[0], visitor: { visits: index % 6 } })),
    { ip: "203.0.113.7" },
    {},
  ].map((visit, index) => ({ ...visit, url: ORIGIN + paths[index % 3], now: 1_780_000_000 + index * 3600 }));

  const { page, problems } = await openBlank();
  const answers = await page.evaluate(async (visits) => {
    const { Nameplate } = await import("/lib/browser.js");
    const nameplate = await Nameplate.load(await (await fetch("/site.npb")).arrayBuffer());
    return visits.map((visit) => JSON.stringify(nameplate.explain(visit)));
  }, visits);
  visits.forEach((visit, index) => assert.equal(answers[index], JSON.stringify(nameplate.explain(visit)), JSON.stringify(visit)));
  assert.deepEqual(problems, []);
  await page.close();
});

test("a wrong MIME type of the wasm file does no harm, a missing file says so", async () => {
  const load = async () => {
    const { Nameplate } = await import("/lib/browser.js");
    return Nameplate.load(await (await fetch("/site.npb")).arrayBuffer()).then((loaded) => loaded.site().site, (error) => error.message);
  };
  const wrong = await openBlank("text/plain");
  assert.equal(await wrong.page.evaluate(load), (await Nameplate.load(sampleBytes())).site().site);
  const missing = await openBlank(null);
  assert.match(await missing.page.evaluate(load), /core is not at \/lib\/nameplate_bg\.wasm: status 404/);
  await wrong.page.close();
  await missing.page.close();
});
