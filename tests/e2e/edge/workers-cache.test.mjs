// The caches of Cloudflare Workers as workerd has them: `caches.default`, and one by a name. Behind them stands a store of the test's, which
// speaks as workerd expects of the platform's.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startProgram } from "../process.mjs";
import { eventually } from "../server.mjs";
import { bytes, HTML, nameplate, ofTier, STRANGERS } from "./cohorts.mjs";
import { ask, navigation, serve } from "./wire.mjs";
import { edge, pageRequest } from "./world.mjs";

const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const require = createRequire(join(www, "package.json"));
const { build } = require("esbuild");

const [SECOND, ALSO_SECOND, THIRD, FIRST] = [ofTier(2), ofTier(2, 1), ofTier(3), ofTier(1)];
const CACHES = { "caches.default": "caches.default", "a name of one's own": 'caches.open("nameplate")' };

const worker = (cache) => `import { personalise } from "nameplate/edge";
export default { fetch: personalise({ bundle: (env) => env.SITE, origin: (request) => fetch(request), clientAddress: "cf-connecting-ip", cache: () => ${cache} }) };`;

const CONFIG = (origin, store) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js"), (name = "nameplate_bg.wasm", wasm = embed "nameplate_bg.wasm")],
      compatibilityDate = "2025-01-01",
      bindings = [(name = "SITE", data = embed "site.npb")],
      globalOutbound = "origin",
      cacheApiOutbound = "store",
    )),
    (name = "origin", external = "127.0.0.1:${origin}"),
    (name = "store", worker = (modules = [(name = "store.js", esModule = embed "store.js")], compatibilityDate = "2025-01-01", globalOutbound = "test")),
    (name = "test", external = "127.0.0.1:${store}"),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`;

/** workerd asks no program outside of it: hands over what is asked, with the cache's name and the address as a key. */
const STORE = `export default {
  fetch: ({ url, method, headers, body }) => fetch("http://store/", { method, body, headers: { "x-key": encodeURIComponent((headers.get("cf-cache-namespace") ?? "") + " " + url) } }),
};`;

const folder = mkdtempSync(join(tmpdir(), "nameplate-workers-cache-"));
const asked = [];
const servers = [];
let origin;

/** What workerd asks: `PUT` with a whole answer as HTTP has it, and `GET` of what is `kept`, by the cache's name and the address. */
function keep({ kept, isBroken }, request, response) {
  const key = request.headers["x-key"];
  if (isBroken) return void response.writeHead(500).end();
  if (request.method === "PUT") {
    const chunks = [];
    return void request.on("data", (chunk) => chunks.push(chunk)).once("end", () => (kept.set(key, Buffer.concat(chunks)), response.writeHead(204).end()));
  }
  const answer = kept.get(key);
  if (answer === undefined) return void response.writeHead(504, { "cf-cache-status": "MISS" }).end();
  const end = answer.indexOf("\r\n\r\n");
  const [, ...lines] = answer.subarray(0, end).toString().split("\r\n");
  const headers = lines.map((line) => /^([^:]+): *(.*)$/.exec(line).slice(1)).filter(([name]) => !/^(?:transfer-encoding|content-length)$/i.test(name));
  response.writeHead(200, { ...Object.fromEntries(headers), "cf-cache-status": "HIT" }).end(bodyOf(lines, answer.subarray(end + 4)));
}

/** Of an answer that was put whole, or in chunks. */
function bodyOf(lines, body) {
  if (!lines.some((line) => /^transfer-encoding: *chunked/i.test(line))) return body;
  const parts = [];
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const length = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (length === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + length));
    at = end + length + 4;
  }
}

async function start(cache, state) {
  const store = await serve((request, response) => keep(state, request, response));
  servers.push(store);
  const home = mkdtempSync(join(folder, "worker-"));
  mkdirSync(join(home, "node_modules"));
  symlinkSync(www, join(home, "node_modules/nameplate"));
  writeFileSync(join(home, "main.js"), worker(cache));
  await build({ entryPoints: [join(home, "main.js")], bundle: true, format: "esm", conditions: ["workerd"], external: ["*.wasm"], outfile: join(home, "worker.js"), logLevel: "error" });
  copyFileSync(join(www, "dist/lib/nameplate_bg.wasm"), join(home, "nameplate_bg.wasm"));
  writeFileSync(join(home, "site.npb"), bytes);
  writeFileSync(join(home, "store.js"), STORE);
  writeFileSync(join(home, "config.capnp"), CONFIG(origin.port, store.port));
  const { found, stop } = await startProgram(require.resolve("@cloudflare/workerd-linux-64/bin/workerd"), ["serve", "--control-fd=1", "config.capnp"], /"port":\d+/, process.env, home);
  servers.push({ stop });
  return Number(/\d+$/.exec(found)[0]);
}

before(async () => {
  origin = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "content-type": "text/html", "cache-control": "public, max-age=600", vary: "x-in" }).end(HTML);
  });
  servers.push(origin);
});

after(async () => {
  await Promise.all(servers.map(({ stop }) => stop()));
  rmSync(folder, { recursive: true });
});

const expected = async (ip) => (await edge({ bundle: nameplate, origin: () => new Response(HTML, { headers: { "content-type": "text/html" } }) }).handle(pageRequest(ip))).text();

for (const [name, cache] of Object.entries(CACHES)) {
  describe(name, () => {
    const state = { kept: new Map(), isBroken: false };
    let port;
    /** The page, as he sees it who has no cache before him; whether the origin was asked for it. */
    async function isAsked(ip) {
      const before = asked.length;
      const { status, headers, body } = await ask(port, navigation("/a%20page?x=1", ip));
      assert.equal(body.toString(), await expected(ip));
      assert.deepEqual([status, headers["cache-control"], headers.vary], [200, "private, no-store", "x-in"]);
      assert.deepEqual(Object.keys(headers).filter((header) => header.startsWith("np-")), []);
      return asked.length > before;
    }

    before(async () => {
      port = await start(cache, state);
      // The first pages may come before the bundle. His are not kept.
      await eventually(() => isAsked(FIRST), 30_000);
    });

    test("one copy for all who see the same, none of an account's own values", async () => {
      const { kept } = state;
      for (const [count, ip, others] of [[1, SECOND, [SECOND, ALSO_SECOND]], [2, THIRD, [THIRD]], [3, STRANGERS[0], STRANGERS]]) {
        assert.equal(await isAsked(ip), true);
        await eventually(() => assert.equal(kept.size, count), 30_000);
        // A store that is slow, on a busy machine, is passed by.
        for (const other of others) await eventually(async () => assert.equal(await isAsked(other), false), 30_000);
      }
      assert.equal(await isAsked(FIRST), true);
      assert.equal(await isAsked(FIRST), true);
      assert.equal(kept.size, 3);
      for (const key of kept.keys()) assert.match(decodeURIComponent(key), name === "caches.default" ? /^ http:/ : /^nameplate http:/);
    });

    test("a store that is broken costs no page", async () => {
      state.isBroken = true;
      for (const ip of [SECOND, FIRST, STRANGERS[0]]) assert.equal(await isAsked(ip), true);
    });
  });
}
