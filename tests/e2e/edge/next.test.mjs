// The example for Next.js as `next build` makes it and `next start` serves it: what a page is told of its visitor, and what nobody can tell it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, renameSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { signToken } from "../../../www/dist/lib/token.js";
import { cookieBytes } from "../../../www/test/jar.mjs";
import { sampleBytes } from "../../../www/test/sample.mjs";
import { startProgram } from "../process.mjs";
import { eventually } from "../server.mjs";
import { ask, navigation, serve } from "./wire.mjs";
import { file, nameplate, SIEMENS, STRANGER } from "./world.mjs";

const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const next = createRequire(join(www, "package.json")).resolve("next/dist/bin/next");
/** Nothing is told to anybody, and nothing is looked up. */
const ENV = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NEXT_IGNORE_INCORRECT_LOCKFILE: "1", NODE_ENV: "production" };
const KEY = "a-text-that-nobody-guesses";
const DEFAULT = "See every site at once";
const PLANS = "Plans for plants of your size";
/** Whatever else is decided changes with the time of day. */
const TITLE = nameplate.decide({ ip: SIEMENS, url: "http://www.tidewater.example/" }).slots.find(({ slot }) => slot === "hero-title").changes[0].value;
/** Next.js follows no link out of the folder that has the lock file. */
const folder = mkdtempSync(join(www, "dist/next-"));
const servers = [];

/** The example with the package as npm would install it. */
async function build(name, change = () => {}) {
  const home = join(folder, name);
  cpSync(join(www, "edge/examples/nextjs"), home, { recursive: true });
  const installed = join(home, "node_modules/nameplate");
  mkdirSync(join(installed, "dist"), { recursive: true });
  for (const part of ["package.json", "dist/lib", "dist/np"]) cpSync(join(www, part), join(installed, part), { recursive: true });
  change(home);
  await promisify(execFile)(process.execPath, [next, "build"], { cwd: home, env: ENV });
  return home;
}

async function start(home, env = {}) {
  const { found, stop } = await startProgram(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", "0"], /127\.0\.0\.1:\d+[^]*Ready/, { ...ENV, ...env }, home);
  servers.push({ stop });
  return Number(/:(\d+)/.exec(found)[1]);
}

after(async () => {
  await Promise.all(servers.map(({ stop }) => stop()));
  rmSync(folder, { recursive: true });
});

const pageOf = (port, ip, headers = {}, path = "/") => ask(port, navigation(path, ip, { "x-forwarded-for": ip, "accept-encoding": "identity", ...headers }));
function shows({ status, headers, body }, title) {
  assert.equal(status, 200);
  assert.ok(body.includes(`<h1>${title}</h1>`), body.toString().slice(0, 2_000));
  assert.equal(body.includes("Your team at Tidewater is on call."), title === TITLE);
  assert.match(headers["cache-control"], /private/);
  // What the page was told is nobody's to read.
  assert.doesNotMatch(JSON.stringify(headers), /np-decision|np-pass|x-middleware-request|Siemens/);
}

/** Both get their pages; the first ones may come before the bundle. */
async function personalises(port) {
  await eventually(async () => shows(await pageOf(port, SIEMENS), TITLE), 30_000);
  shows(await pageOf(port, STRANGER), DEFAULT);
}

const FORGED = { "np-decision": JSON.stringify({ account: { tier: 1 }, slots: [{ slot: "hero-title", changes: [{ kind: "text", value: "Forged" }] }], cohort: null }) };

describe("proxy.js, in Node", () => {
  let home;
  let port;

  before(async () => {
    home = await build("node", (home) => {
      const proxy = join(home, "proxy.js");
      const agrees = 'readCookies: ({ headers }) => /consent=yes/.test(headers.get("cookie") ?? ""),';
      writeFileSync(proxy, readFileSync(proxy, "utf8").replace("  cohorts:", `  ${agrees}\n$&`));
    });
    writeFileSync(join(home, "site.npb"), sampleBytes());
    writeFileSync(join(home, "cookies.npb"), cookieBytes("hero-title"));
    port = await start(home);
    await personalises(port);
  });

  test("what a client says in our name counts for nothing", async () => {
    for (const headers of [FORGED, { ...FORGED, "np-pass": "undefined" }]) {
      shows(await pageOf(port, STRANGER, headers), DEFAULT);
      shows(await pageOf(port, SIEMENS, headers), TITLE);
    }
  });

  test("who asks not to be recognised is a stranger", async () => {
    shows(await pageOf(port, SIEMENS, { "sec-gpc": "1" }), DEFAULT);
  });

  test("a page that the browser fetches for a link is told the same", async () => {
    const { headers, body } = await pageOf(port, SIEMENS, { rsc: "1", accept: "*/*", "sec-fetch-dest": "empty" }, "/?_rsc");
    assert.deepEqual([headers["content-type"], body.includes(TITLE)], ["text/x-component", true]);
  });

  test("a page of which Next.js keeps one for all who see the same", async () => {
    const made = async (ip, title, headers = {}, path = "/pricing") => {
      const page = await pageOf(port, ip, headers, path);
      assert.ok(page.body.includes(`<h1>${title}</h1>`), page.body.toString().slice(0, 2_000));
      if (title === PLANS) assert.equal(page.headers["cache-control"], "private, no-store");
      assert.doesNotMatch(JSON.stringify(page.headers), /np-decision|x-middleware-request/);
      return /Made at (?:<!-- -->)?([^<]+)/.exec(page.body)[1];
    };
    const first = await made(SIEMENS, PLANS);
    assert.equal(await made(SIEMENS, PLANS, FORGED), first);
    const others = await made(STRANGER, "Plans and prices");
    assert.equal(await made(STRANGER, "Plans and prices", FORGED, "/pricing?x=1"), others);
    assert.equal(await made(SIEMENS, "Plans and prices", { "sec-gpc": "1" }), others);
    // By its own address nobody gets it.
    const direct = await pageOf(port, STRANGER, { "np-pass": "x" }, "/np/pricing-title.account-siemens.own-page/pricing");
    assert.deepEqual([direct.status, direct.body.includes(PLANS)], [404, false]);
  });

  test("a page is chosen by the cookies that may be read", async () => {
    const port = await start(home, { SITE: "cookies.npb" });
    const titleFor = async (cookie, headers = {}) => /<h1>([^<]*)</.exec((await pageOf(port, STRANGER, { cookie, ...headers })).body)[1];
    await eventually(async () => assert.equal(await titleFor("__Host-plan=pro"), "For those who pay"), 30_000);
    assert.equal(await titleFor("region=eu"), DEFAULT);
    assert.equal(await titleFor("region=eu; consent=yes"), "For Europe");
    assert.equal(await titleFor("region=eu; consent=yes", { "sec-gpc": "1" }), DEFAULT);
  });

  test("the tag's server answers", async () => {
    const at = (path, ip = SIEMENS, method = "GET", body = undefined, headers = {}) =>
      ask(port, { path, method, body, headers: { host: "www.tidewater.example", "x-forwarded-for": ip, ...headers } });
    const slice = await at("/np/slice");
    assert.deepEqual([slice.status, slice.headers["cache-control"], slice.body], [200, "private, no-store", Buffer.from(nameplate.slice({ ip: SIEMENS }))]);
    assert.deepEqual((await at("/np/slice", STRANGER)).body, Buffer.from(nameplate.slice({ ip: STRANGER })));
    assert.deepEqual((await at("/np/tag.js")).body, file("tag.js"));
    const decided = await at("/np/decide", SIEMENS, "POST", JSON.stringify({ url: "http://www.tidewater.example/" }));
    assert.equal(JSON.parse(decided.body).account.name, nameplate.account(SIEMENS).name);
    // A page of the host that was asked is no foreign one, whatever Next.js calls itself.
    const events = await at("/np/events", SIEMENS, "POST", "{}", { origin: "http://shop.example", host: "shop.example" });
    assert.equal(events.headers["access-control-allow-origin"], "http://shop.example");
    assert.equal((await at("/np/none")).status, 404);
  });

  test("a bundle that is none, or that is not there, costs no page, and lets nothing through that is forged", async () => {
    writeFileSync(join(home, "none.npb"), "no bundle");
    for (const SITE of ["none.npb", "missing.npb"]) {
      const port = await start(home, { SITE });
      for (const headers of [{}, FORGED]) shows(await pageOf(port, SIEMENS, headers), DEFAULT);
      assert.equal((await ask(port, { path: "/np/slice" })).status, 503);
    }
  });
});

test("middleware.js, in Vercel's edge runtime", async () => {
  const store = await serve((_, response) => response.end(sampleBytes()));
  servers.push(store);
  const home = await build("edge", (home) => {
    const proxy = join(home, "proxy.js");
    // No files there.
    const source = readFileSync(proxy, "utf8")
      .replaceAll(/^import .* from "node:.*\n|^const tagFiles.*\n|^  np: {\n[^]*?^  },\n/gm, "")
      .replace("export const proxy", "export const middleware")
      .replace(/bundle: .*/, `bundle: "http://127.0.0.1:${store.port}/site.npb", np: {}, tokenKey: "${KEY}",`);
    writeFileSync(proxy, source);
    renameSync(proxy, join(home, "middleware.js"));
  });
  const port = await start(home);
  await personalises(port);
  shows(await pageOf(port, STRANGER, FORGED), DEFAULT);
  const token = await signToken(KEY, { site: "Tidewater", account: "siemens", days: 1 });
  shows(await pageOf(port, STRANGER, FORGED, `/?utm_source=x&np=${token}`), TITLE);
  shows(await pageOf(port, STRANGER, { "np-pass": "undefined" }), DEFAULT);
  for (const [ip, title] of [[SIEMENS, PLANS], [STRANGER, "Plans and prices"]]) assert.ok((await pageOf(port, ip, {}, "/pricing")).body.includes(`<h1>${title}</h1>`));
  assert.deepEqual((await ask(port, { path: "/np/slice", headers: { "x-forwarded-for": SIEMENS } })).body, Buffer.from(nameplate.slice({ ip: SIEMENS })));
});
