// Pages that come packed and go out packed: `packing` of `nameplate/node`, between a real origin and a real visitor.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync, gzipSync } from "node:zlib";
import { listener, middleware, originAt, packing } from "../../../www/dist/lib/edge-node.js";
import { HTML, nameplate as cohorts, ofTier } from "./cohorts.mjs";
import { bodyOf, chunksOf, digest, drain, edge, nameplate, PAGE, pageRequest, pageResponse, SIEMENS, STRANGER } from "./world.mjs";
import { ask, navigation, serve } from "./wire.mjs";

const require = createRequire(new URL("../../../www/package.json", import.meta.url));
const { build } = require("esbuild");

const PACK = { br: brotliCompressSync, gzip: gzipSync, "x-gzip": gzipSync };
const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync };
const unpacked = ({ headers, body }) => (UNPACK[headers["content-encoding"]] ?? ((bytes) => bytes))(body);

let origin;
let server;
/** What the origin was last asked with, and what answers instead of the page. */
let asked;
let answer = null;

before(async () => {
  origin = await serve((incoming, outgoing) => {
    asked = incoming.headers;
    if (answer !== null) return answer(incoming, outgoing);
    const coding = new URL(incoming.url, "http://origin").searchParams.get("as");
    const body = PACK[coding]?.(PAGE) ?? PAGE;
    outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": body.length, vary: "Accept-Language", ...(coding === null ? {} : { "content-encoding": coding }) }).end(body);
  });
  server = await serve(listener(edge({ origin: originAt(`http://127.0.0.1:${origin.port}`), packing }).handle));
});

after(() => Promise.all([server?.stop(), origin?.stop()]));

const personal = async () => Buffer.from(await (await edge().handle(pageRequest(SIEMENS))).arrayBuffer());

test("a page comes in any packing, and goes out as its visitor takes it best", async () => {
  const expected = digest(await personal());
  const takes = [
    ["gzip, deflate, br", "br, gzip", "br"],
    ["br;q=0, gzip;q=0.5", "gzip", "gzip"],
    ["br", "br", "br"],
    ["zstd", "identity", undefined],
    ["", "identity", undefined],
  ];
  for (const path of ["/", "/?as=gzip", "/?as=x-gzip", "/?as=br"]) {
    for (const [accepted, forwarded, coding] of takes) {
      const came = await ask(server.port, navigation(path, SIEMENS, { "accept-encoding": accepted }));
      assert.deepEqual([came.status, came.headers["content-encoding"], digest(unpacked(came))], [200, coding, expected], `${path} ${accepted}`);
      assert.equal(asked["accept-encoding"], forwarded);
      assert.equal(came.headers["cache-control"], "private, no-store");
      assert.match(came.headers.vary, coding === undefined ? /^Accept-Language$/ : /^Accept-Language, accept-encoding$/);
      if (coding !== undefined) assert.ok(came.body.length < PAGE.length / 2, `${came.body.length}`);
    }
  }
});

test("a page that is not changed is handed on as it came", async () => {
  for (const path of ["/", "/?as=gzip", "/?as=br"]) {
    const [came, own] = await Promise.all([server, origin].map(({ port }) => ask(port, navigation(path, STRANGER, { "sec-fetch-dest": "empty", "accept-encoding": "gzip, br" }))));
    assert.deepEqual([came.status, came.headers, digest(came.body)], [own.status, own.headers, digest(own.body)], path);
  }
});

/** What has come of an answer once so many bytes of the page are there, unpacked on the way. */
function begun(options, enough) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: server.port, agent: false, ...options }, (response) => {
      const plain = response.pipe(response.headers["content-encoding"] === "br" ? createBrotliDecompress() : createGunzip());
      let text = "";
      plain.on("data", (part) => {
        text += part;
        if (text.length >= enough) resolve({ text, outgoing });
      });
      plain.on("error", reject);
    });
    outgoing.on("error", reject).end();
  });
}

test("what the origin has sent goes on before it sends the rest", async () => {
  for (const coding of ["br", "gzip"]) {
    let rest;
    answer = (_, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/html" }).write(PAGE.subarray(0, 4_000));
      rest = outgoing;
    };
    const { text, outgoing } = await begun(navigation("/", SIEMENS, { "accept-encoding": coding }), 3_000);
    assert.ok(text.startsWith("<!doctype html>"), text.slice(0, 100));
    assert.equal(rest.writableEnded, false);
    outgoing.destroy();
    rest.destroy();
  }
  answer = null;
});

test("behind an origin that breaks off, what came is delivered", async () => {
  for (const coding of ["br", "gzip"]) {
    answer = (_, outgoing) => outgoing.writeHead(200, { "content-type": "text/html", "content-length": PAGE.length }).write(PAGE.subarray(0, 8_000), () => outgoing.destroy());
    const { text } = await begun(navigation("/", SIEMENS, { "accept-encoding": coding }), 7_000);
    assert.ok((await personal()).toString().startsWith(text.slice(0, 6_000)));
    const { isWhole } = await ask(server.port, navigation("/", SIEMENS, { "accept-encoding": coding }));
    assert.equal(isWhole, false);
  }
  answer = null;
});

test("packed bytes come in pieces of any size", async () => {
  const expected = digest(await personal());
  for (const coding of ["br", "gzip"]) {
    for (const size of [1, 7, 4_096]) {
      const body = bodyOf(chunksOf(PACK[coding](PAGE), size)).stream;
      const { handle, problems } = edge({ packing, origin: () => pageResponse({ body, headers: { "content-encoding": coding } }) });
      const response = await handle(pageRequest(SIEMENS, { headers: { "accept-encoding": null } }));
      assert.deepEqual([digest((await drain(response)).bytes), problems], [expected, []], `${coding} ${size}`);
    }
  }
});

test("what somebody has unpacked already is not unpacked, whatever its header says", async () => {
  // A text can be told from Brotli by no first byte: that is tried.
  for (const before of ["", "\ufeff", "\n\t ", "Welcome. ", "\r\n<!-- -->", "a"]) {
    const page = Buffer.concat([Buffer.from(before), PAGE]);
    for (const size of [7, 1_000, page.length]) {
      const came = async (headers) => {
        const { handle } = edge({ packing, origin: () => pageResponse({ body: bodyOf(chunksOf(page, size)).stream, headers }) });
        return digest((await drain(await handle(pageRequest(SIEMENS, { headers: { "accept-encoding": null } })))).bytes);
      };
      assert.equal(await came({ "content-encoding": "br" }), await came({}), JSON.stringify([before, size]));
    }
  }
});

test("a shared copy is packed for each who gets it", async () => {
  const kept = new Map();
  const cache = { match: async ({ url }) => kept.get(url)?.clone(), put: async ({ url }, response) => void kept.set(url, response) };
  let count = 0;
  const { handle } = edge({ bundle: cohorts, cache, packing, origin: () => ((count += 1), new Response(PACK.br(HTML), { headers: { "content-type": "text/html", "cache-control": "public, max-age=600", "content-encoding": "br" } })) });
  const texts = new Set();
  for (const accepted of ["br", "gzip", "identity", "br, gzip"]) {
    const works = [];
    const response = await handle(pageRequest(ofTier(2), { headers: { "accept-encoding": accepted } }), { waitUntil: (work) => works.push(work) });
    const { bytes } = await drain(response);
    await Promise.all(works);
    assert.equal(response.headers.get("content-encoding"), accepted === "identity" ? null : accepted.split(",")[0]);
    texts.add(unpacked({ headers: Object.fromEntries(response.headers), body: bytes }).toString());
  }
  assert.equal(count, 1);
  assert.equal(texts.size, 1);
  assert.notEqual([...texts][0], HTML.toString());
});

test("a middleware packs what an application writes", async () => {
  const personalised = middleware({ bundle: nameplate, clientAddress: "cf-connecting-ip", packing });
  const application = await serve((incoming, outgoing) => personalised(incoming, outgoing, () => outgoing.writeHead(200, { "content-type": "text/html", "content-encoding": "br" }).end(PACK.br(PAGE))));
  try {
    const came = await ask(application.port, navigation("/", SIEMENS, { "accept-encoding": "gzip" }));
    assert.deepEqual([came.headers["content-encoding"], digest(unpacked(came))], ["gzip", digest(await personal())]);
  } finally {
    await application.stop();
  }
});

test("one that fails costs nobody a page", async () => {
  const expected = digest(await personal());
  const broken = { packed: () => { throw new Error("no packer"); }, unpacked: packing.unpacked };
  const { handle, problems } = edge({ packing: broken });
  assert.equal(digest((await drain(await handle(pageRequest(SIEMENS)))).bytes), expected);
  assert.deepEqual(problems, ["no packer"]);
});

test("Deno and Bun have what it needs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-packing-"));
  try {
    const contents = `import { packing } from "./zlib.ts";
      const bytes = new TextEncoder().encode("<p>a line of a page</p>".repeat(10_000));
      const said = [];
      for (const coding of ["br", "gzip"]) {
        let give;
        const body = new ReadableStream({ start: (controller) => (give = controller) });
        const reader = packing.unpacked(packing.packed(body, coding), coding).getReader();
        give.enqueue(bytes.slice(0, 500));
        let length = (await reader.read()).value.length;
        said.push(length);
        give.enqueue(bytes.slice(500));
        give.close();
        for (let part; !(part = await reader.read()).done; ) length += part.value.length;
        said.push(length === bytes.length);
      }
      console.log(said.join());`;
    const resolveDir = new URL("../../../www/edge/node", import.meta.url).pathname;
    await build({ stdin: { contents, resolveDir }, bundle: true, format: "esm", platform: "node", outfile: join(folder, "main.mjs"), logLevel: "error" });
    for (const [program, ...parameters] of [[require.resolve("@deno/linux-x64-glibc/deno"), "run", "--no-remote", "--no-config"], [require.resolve("@oven/bun-linux-x64/bin/bun")], [process.execPath]]) {
      const said = execFileSync(program, [...parameters, join(folder, "main.mjs")], { encoding: "utf8", env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" } });
      assert.equal(said.trim(), "500,true,500,true", program);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
