// The handler in workerd, the runtime of Cloudflare's Workers, put together as their tools do it: the `workerd` entry, the core as a
// module, no compiling of bytes.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { sampleBytes, wasmBytes } from "../../../www/test/sample.mjs";
import { startProgram } from "../process.mjs";
import { digest, edge, NOVARTIS, PAGE, pageRequest, SIEMENS, STRANGER } from "./world.mjs";

const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const require = createRequire(join(www, "package.json"));
const { build } = require("esbuild");
const workerd = require.resolve("@cloudflare/workerd-linux-64/bin/workerd");

/** What an edge engineer writes; here the bundle comes from the origin. */
const WORKER = `
import { personalise } from "nameplate/edge";

export default {
  fetch: personalise({
    bundle: (env) => env.SITE.fetch("http://site/site.npb").then((answer) => answer.arrayBuffer()),
    origin: (request) => fetch(request),
    clientAddress: "cf-connecting-ip",
    refreshSeconds: 1,
  }),
};`;
const CONFIG = (origin, port) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js"), (name = "nameplate_bg.wasm", wasm = embed "nameplate_bg.wasm")],
      compatibilityDate = "2025-01-01",
      bindings = [(name = "SITE", service = "origin")],
      globalOutbound = "origin",
    )),
    (name = "origin", external = "${origin}"),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);`;

const GZIPPED = gzipSync(PAGE);
let bundle = sampleBytes();
const folder = mkdtempSync(join(tmpdir(), "nameplate-workerd-"));
let origin;
let port;
let worker;

/** Answers as the path says. */
function answer({ url, headers }, response) {
  if (url === "/site.npb") return response.end(bundle);
  const head = { "content-type": "text/html; charset=utf-8", etag: '"v1"', "cache-control": "public, max-age=60" };
  if (url === "/304") return response.writeHead(headers["if-none-match"] === undefined ? 500 : 304, head).end();
  if (url === "/500") return response.writeHead(500, head).end(PAGE);
  if (url === "/bytes") return response.writeHead(200, head) && sendSlowly(response);
  if (url === "/reset") return response.writeHead(200, { ...head, "content-length": PAGE.length }).write(PAGE.subarray(0, 5000), () => setTimeout(() => response.destroy(), 50));
  if (url === "/gzip" && /gzip/.test(headers["accept-encoding"] ?? "")) return response.writeHead(200, { ...head, "content-encoding": "gzip" }).end(GZIPPED);
  response.writeHead(200, { ...head, "content-length": PAGE.length }).end(PAGE);
}

function sendSlowly(response) {
  for (const byte of PAGE) response.write(Uint8Array.of(byte));
  response.end();
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

/** What came, byte for byte. */
function ask(path, ip, headers = {}) {
  const given = { ...Object.fromEntries(pageRequest(ip).headers), host: "www.tidewater.example", ...headers };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, headers: given }, (response) => {
      const chunks = [];
      const end = (error) => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks), isWhole: error === undefined && response.complete });
      response.on("data", (chunk) => chunks.push(chunk)).once("error", end).once("end", () => end());
    });
    outgoing.once("error", reject).end();
  });
}

before(async () => {
  const { outputFiles } = await build({ stdin: { contents: WORKER, resolveDir: www }, bundle: true, format: "esm", conditions: ["workerd"], external: ["*.wasm"], write: false });
  writeFileSync(join(folder, "worker.js"), outputFiles[0].contents);
  writeFileSync(join(folder, "nameplate_bg.wasm"), wasmBytes());
  origin = createServer(answer);
  const taken = createServer();
  port = await listen(taken);
  await new Promise((resolve) => taken.close(resolve));
  writeFileSync(join(folder, "config.capnp"), CONFIG(`127.0.0.1:${await listen(origin)}`, port));
  worker = await startProgram(workerd, ["serve", "--verbose", join(folder, "config.capnp")], /(?:)/);
  for (let tries = 0; ; tries += 1) {
    const answered = await ask("/", SIEMENS).catch((error) => (tries < 100 ? null : Promise.reject(error)));
    if (answered?.headers.etag === undefined && answered !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

after(async () => {
  await worker?.stop();
  origin?.closeAllConnections();
  origin?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a page arrives as the handler in Node sends it, packed or not, in chunks of any size", async () => {
  for (const ip of [SIEMENS, NOVARTIS]) {
    const expected = await (await edge().handle(pageRequest(ip))).text();
    assert.notEqual(expected, PAGE.toString());
    for (const path of ["/", "/gzip", "/bytes"]) {
      const { status, headers, body } = await ask(path, ip, { "if-none-match": '"v1"', range: "bytes=0-9" });
      assert.deepEqual([status, headers.etag, headers["cache-control"], headers["cdn-cache-control"], headers["content-encoding"]], [200, undefined, "private, no-store", "private, no-store", undefined], path);
      assert.equal(body.toString(), expected, path);
    }
  }
});

test("what is not rewritten comes byte for byte", async () => {
  for (const [path, headers, expected] of [
    ["/500", {}, PAGE],
    ["/", { "sec-fetch-dest": "empty" }, PAGE],
    ["/gzip", { "sec-fetch-dest": "empty" }, GZIPPED],
    ["/304", { "sec-fetch-dest": "image", "if-none-match": '"v1"' }, Buffer.alloc(0)],
  ]) {
    const came = await ask(path, SIEMENS, headers);
    assert.equal(digest(came.body), digest(expected), path);
    assert.deepEqual([came.headers.etag, came.headers["cache-control"]], ['"v1"', "public, max-age=60"]);
  }
});

test("who asks not to be recognised sees what strangers see", async () => {
  const [one, stranger] = await Promise.all([ask("/", SIEMENS, { "sec-gpc": "1" }), ask("/", STRANGER)]);
  assert.equal(one.body.toString(), stranger.body.toString());
});

test("an origin that breaks off: what came is delivered, and the answer is not whole", async () => {
  const { status, body, isWhole } = await ask("/reset", SIEMENS);
  assert.deepEqual([status, isWhole], [200, false]);
  assert.ok(body.length > 4_000, `${body.length} bytes`);
});

test("a bad bundle leaves the last good one, and many pages at once do not mix", async () => {
  const expected = await Promise.all([SIEMENS, NOVARTIS, STRANGER].map(async (ip) => (await ask("/", ip)).body.toString()));
  assert.equal(new Set(expected).size, 3);
  bundle = Buffer.from("no bundle");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const answers = await Promise.all(Array.from({ length: 150 }, (_, index) => ask(["/", "/gzip"][index % 2], [SIEMENS, NOVARTIS, STRANGER][index % 3])));
  answers.forEach(({ body }, index) => assert.equal(body.toString(), expected[index % 3]));
});
