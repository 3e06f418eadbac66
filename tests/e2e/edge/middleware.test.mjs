// `nameplate/node` inside an application: its pages are personalised, and all else it answers is what it would be without.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { after, before, describe, test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { middleware } from "../../../www/dist/lib/edge-node.js";
import { chunksOf, digest, edge, nameplate, NOVARTIS, PAGE, pageRequest, SIEMENS } from "./world.mjs";
import { ask, navigation, serve } from "./wire.mjs";

const require = createRequire(new URL("../../../www/package.json", import.meta.url));
const [express, fastify, compression] = ["express", "fastify", "compression"].map(require);

const folder = mkdtempSync(join(tmpdir(), "nameplate-middleware-"));
const problems = [];
const personal = middleware({
  bundle: nameplate,
  clientAddress: ({ headers }) => (headers.has("x-fault") ? assert.fail("no address") : headers.get("cf-connecting-ip")),
  report: (problem) => problems.push(problem),
});
const slowly = () => Readable.from(chunksOf(PAGE, 1_000));
const html = (response) => response.setHeader("content-type", "text/html; charset=utf-8");
let ended = 0;

/** Pages, written in every way that an application may write them. */
const PAGES = {
  "/send": (_, response) => response.send(PAGE.toString()),
  "/end": (_, response) => html(response).end(PAGE.toString("latin1"), "latin1", () => (ended += 1)),
  "/write": async (_, response) => {
    html(response);
    for (const chunk of chunksOf(PAGE, 777)) if (!response.write(chunk)) await once(response, "drain");
    response.end();
  },
  "/careless": (_, response) => {
    html(response);
    for (const chunk of chunksOf(PAGE, 777)) response.write(chunk, () => (ended += 1));
    response.end();
  },
  "/head": (_, response) => response.writeHead(200, "Fine", ["Content-Type", "text/html", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]).end(PAGE),
  "/flush": (_, response) => {
    html(response).flushHeaders();
    assert.ok(response.headersSent);
    setImmediate(() => response.end(PAGE));
  },
  "/pipe": (_, response) => slowly().pipe(html(response)),
  "/pipeline": (_, response) => pipeline(slowly(), html(response)),
  "/page.html": null,
};
/** What is no page that may be changed. */
const OTHERS = {
  "/json": (_, response) => response.json({ ok: true }),
  "/500": (_, response) => response.status(500).send(PAGE.toString()),
  "/204": (_, response) => response.status(204).end(),
  "/302": (_, response) => response.redirect("/send"),
  "/throws": () => assert.fail("thrown"),
  "/events": (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    setImmediate(() => response.end("data: 1\n\n"));
  },
  "/odd": (_, response) => response.writeHead(799, { "content-type": "text/html" }).end("odd"),
  "/twice": (_, response) => response.writeHead(200, { "x-one": "1" }).end("done", () => response.end("again")),
  "/nothing": null,
};

function expressApp(...before) {
  const app = express();
  app.set("env", "test");
  for (const layer of before) app.use(layer);
  for (const [path, answer] of Object.entries({ ...PAGES, ...OTHERS })) if (answer !== null) app.get(path, answer);
  app.post("/echo", (request, response) => request.pipe(response));
  app.use(express.static(folder));
  app.use((error, _request, response, _next) => response.status(500).send("a fault"));
  return app;
}

async function fastifyApp(isPersonal) {
  const app = fastify();
  if (isPersonal) app.addHook("onRequest", ({ raw }, reply, done) => personal(raw, reply.raw, done));
  app.get("/send", (_, reply) => reply.type("text/html; charset=utf-8").send(PAGE));
  app.get("/pipe", (_, reply) => reply.type("text/html").header("set-cookie", ["a=1", "b=2"]).send(slowly()));
  app.get("/async", async (_, reply) => (reply.type("text/html"), PAGE.toString()));
  app.get("/json", async () => ({ ok: true }));
  app.get("/throws", async () => assert.fail("thrown"));
  app.get("/204", (_, reply) => reply.code(204).send());
  app.post("/echo", async ({ body }) => body);
  await app.ready();
  return (request, response) => app.routing(request, response);
}

const expected = new Map();
const servers = {};
const startServer = async (name, answer) => (servers[name] = await serve(answer));

before(async () => {
  writeFileSync(join(folder, "page.html"), PAGE);
  writeFileSync(join(folder, "script.js"), "let a = 1;\n".repeat(20_000));
  for (const ip of [SIEMENS, NOVARTIS]) expected.set(ip, await (await edge().handle(pageRequest(ip))).text());
  await startServer("plain", expressApp());
  await startServer("express", expressApp(personal));
  await startServer("packed", expressApp(compression()));
  await startServer("outside", expressApp(compression(), personal));
  await startServer("inside", expressApp(personal, compression()));
  await startServer("fastify", await fastifyApp(false));
  await startServer("fastify personal", await fastifyApp(true));
});

after(async () => {
  await Promise.all(Object.values(servers).map(({ stop }) => stop()));
  rmSync(folder, { recursive: true });
});

const to = (name, options) => ask(servers[name].port, options);
const plainly = { "accept-encoding": "identity" };

test("a page arrives as the handler makes it, however it is written", async () => {
  for (const ip of [SIEMENS, NOVARTIS]) {
    for (const path of Object.keys(PAGES)) {
      const { status, headers, body } = await to("express", navigation(path, ip, { "if-none-match": "*", range: "bytes=0-9" }));
      assert.deepEqual([status, headers.etag, headers["content-length"], headers["cache-control"]], [200, undefined, undefined, "private, no-store"], path);
      assert.equal(body.toString(), expected.get(ip), path);
    }
    for (const path of ["/send", "/pipe", "/async"]) assert.equal((await to("fastify personal", navigation(path, ip))).body.toString(), expected.get(ip), path);
  }
  assert.deepEqual(problems, []);
});

test("what it calls when it has written is called, and each of its cookies comes", async () => {
  ended = 0;
  await to("express", navigation("/end", SIEMENS));
  await to("express", navigation("/careless", SIEMENS));
  assert.equal(ended, 1 + Math.ceil(PAGE.length / 777));
  const { statusMessage, headers } = await to("express", navigation("/head", SIEMENS));
  assert.deepEqual([statusMessage, headers["set-cookie"]], ["Fine", ["a=1", "b=2"]]);
  assert.deepEqual((await to("fastify personal", navigation("/pipe", SIEMENS))).headers["set-cookie"], ["a=1", "b=2"]);
});

test("compression packs the page outside of it, and may pack inside", async () => {
  for (const path of Object.keys(PAGES)) {
    const { headers, body } = await to("outside", navigation(path, SIEMENS));
    assert.equal(headers["content-encoding"], "br");
    assert.equal(brotliDecompressSync(body).toString(), expected.get(SIEMENS), path);
    assert.equal((await to("inside", navigation(path, SIEMENS))).body.toString(), expected.get(SIEMENS), path);
  }
});

describe("what is no page comes as without it", () => {
  const fetched = (path, headers = {}) => navigation(path, SIEMENS, { "sec-fetch-dest": "empty", accept: "*/*", ...headers });
  const cases = [
    ...Object.keys(OTHERS).map((path) => navigation(path, SIEMENS)),
    ...Object.keys(PAGES).map((path) => fetched(path)),
    ...Object.keys(PAGES).map((path) => ({ ...navigation(path, SIEMENS), method: "HEAD" })),
    navigation("/send", SIEMENS, { "x-fault": "1" }),
    fetched("/script.js"),
    fetched("/script.js", { range: "bytes=5-900" }),
    fetched("/page.html", { "if-modified-since": new Date(Date.now() + 86_400_000).toUTCString() }),
    { ...navigation("/echo", SIEMENS, { "content-type": "application/json" }), method: "POST", body: JSON.stringify("x".repeat(100_000)) },
  ];
  for (const [with_, without] of [["express", "plain"], ["outside", "packed"], ["inside", "packed"], ["fastify personal", "fastify"]]) {
    test(with_, async () => {
      // What may become a page, an application packs by gzip at most.
      for (const options of cases.map((options) => ({ ...options, headers: { ...options.headers, "accept-encoding": "gzip" } }))) {
        const [came, own] = await Promise.all([to(with_, options), to(without, options)]);
        assert.equal(digest(came.body), digest(own.body), `${options.method} ${options.path}`);
        assert.deepEqual({ ...came, body: null }, { ...own, body: null }, `${options.method} ${options.path}`);
      }
    });
  }
});

test("an application that breaks off does so for the visitor, who has what came", async () => {
  const broken = await serve((request, response) =>
    personal(request, response, () => {
      html(response).write(PAGE.subarray(0, 5_000));
      setImmediate(() => response.destroy());
    }),
  );
  const { status, isWhole } = await ask(broken.port, navigation("/", SIEMENS, plainly));
  assert.deepEqual([status, isWhole], [200, false]);
  await broken.stop();
});

test("an application learns that its visitor has gone", async () => {
  let closed;
  const endless = await serve((request, response) => {
    closed = once(response, "close");
    personal(request, response, () => html(response).write(PAGE));
  });
  const { path, headers } = navigation("/", SIEMENS);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const visitor = connect(endless.port, "127.0.0.1", () => visitor.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`));
  await once(visitor, "data");
  visitor.destroy();
  await closed;
  await endless.stop();
});

test("an application is told to wait while its visitor takes nothing", async () => {
  const line = Buffer.from(`<p>${"x".repeat(65_000)}</p>\n`);
  let most = 0;
  const large = await serve((request, response) =>
    personal(request, response, () => {
      const lines = (function* () {
        yield PAGE;
        for (let at = 0; at < 500; at += 1) {
          most = Math.max(most, response.writableLength);
          yield line;
        }
      })();
      Readable.from(lines, { objectMode: false }).pipe(html(response));
    }),
  );
  const { body } = await ask(large.port, navigation("/", SIEMENS));
  assert.ok(body.length > 500 * line.length);
  assert.ok(most < 8 * line.length, `${most} bytes waited`);
  await large.stop();
});
