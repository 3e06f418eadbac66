// `nameplate/node` before another server: Node's requests and answers as the web's and back, with nothing added and nothing lost.

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { listener, originAt } from "../../../www/dist/lib/edge-node.js";
import { bodyOf, digest, edge, NOVARTIS, PAGE, pageRequest, SIEMENS, STRANGER } from "./world.mjs";
import { ask, navigation, serve } from "./wire.mjs";

const PACKED = brotliCompressSync(PAGE);
const PLAIN = { "content-type": "text/html; charset=utf-8", "content-length": PAGE.length, etag: '"v1"' };
const MEBIBYTE = Buffer.alloc(1 << 20, "a line of a page\n");

let origin;
let server;
/** What the origin was last asked with. */
let asked;
/** Tells the answer that is to be given for a path. */
const arrivals = new EventEmitter();

const ANSWERS = {
  "/": (_, response) => response.writeHead(200, PLAIN).end(PAGE),
  "/gzip": (_, response) => response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end(gzipSync(PAGE)),
  "/br": (_, response) => response.writeHead(200, { ...PLAIN, "content-encoding": "br", "content-length": PACKED.length }).end(PACKED),
  "/cookies": (_, response) => response.writeHead(200, "Fine", ["Set-Cookie", "a=1; Path=/", "Set-Cookie", "b=2, 3", "X-Twice", "1", "X-Twice", "2"]).end("done"),
  "/connection": (_, response) => response.writeHead(200, { connection: "x-hop, keep-alive", "x-hop": "1", "x-kept": "2" }).end("done"),
  "/empty": (_, response) => response.writeHead(204, { "x-kept": "2" }).end(),
  "/304": (_, response) => response.writeHead(304, { etag: '"v1"' }).end(),
  "/echo": (request, response) => request.pipe(response),
  "/500": (_, response) => response.writeHead(500, PLAIN).end(PAGE),
  "/reset": (_, response) => response.writeHead(200, PLAIN).write(PAGE.subarray(0, 5_000), () => response.destroy()),
  "/endless": (_, response) => response.writeHead(200).write("begun"),
  "/silent": () => {},
};

before(async () => {
  origin = await serve((request, response) => {
    asked = request;
    arrivals.emit(request.url, response);
    const answer = ANSWERS[request.url] ?? ((_, response) => response.writeHead(404).end("there is nothing"));
    answer(request, response);
  });
  const { handle } = edge({ origin: originAt(`http://127.0.0.1:${origin.port}`) });
  server = await serve(listener(handle));
});

after(() => Promise.all([server?.stop(), origin?.stop()]));

/** Through the listener, and from the origin itself. */
const both = (options) => Promise.all([server, origin].map(({ port }) => ask(port, options)));

test("a page arrives as the handler makes it, packed or not", async () => {
  for (const ip of [SIEMENS, NOVARTIS]) {
    const expected = await (await edge().handle(pageRequest(ip))).text();
    for (const path of ["/", "/gzip"]) assert.equal((await ask(server.port, navigation(path, ip))).body.toString(), expected, path);
  }
});

test("all else comes byte for byte, with its status, its headers and each of its cookies", async () => {
  const fetched = { "sec-fetch-dest": "empty", "accept-encoding": "gzip, br" };
  for (const options of [
    navigation("/br", STRANGER, fetched),
    navigation("/gzip", SIEMENS, fetched),
    navigation("/cookies", SIEMENS),
    navigation("/empty", SIEMENS),
    navigation("/304", SIEMENS, fetched),
    navigation("/500", SIEMENS),
    navigation("/nothing?a=%7B%22", SIEMENS),
    { ...navigation("/", SIEMENS), method: "HEAD" },
    { ...navigation("/echo", SIEMENS), method: "POST", body: MEBIBYTE },
  ]) {
    const [came, own] = await both(options);
    assert.equal(digest(came.body), digest(own.body), options.path);
    assert.deepEqual([came.status, came.statusMessage, came.headers, came.isWhole], [own.status, own.statusMessage, own.headers, own.isWhole], options.path);
  }
});

test("headers of a connection stay on it, the others and the client's address are handed on", async () => {
  const { headers } = await ask(server.port, navigation("/connection", SIEMENS, { connection: "x-mine, close", "x-mine": "1", te: "trailers", "x-forwarded-for": "192.0.2.1" }));
  assert.deepEqual([headers["x-kept"], headers["x-hop"]], ["2", undefined]);
  const { host, te, "x-mine": mine, "x-forwarded-for": forwarded } = asked.headers;
  assert.deepEqual({ host, te, mine, forwarded }, { host: "www.tidewater.example", te: undefined, mine: undefined, forwarded: "192.0.2.1, 127.0.0.1" });
});

test("a path that looks like a host is one of the origin's", async () => {
  await ask(server.port, navigation("//elsewhere.example/x", SIEMENS));
  assert.equal(asked.url, "//elsewhere.example/x");
});

test("an origin out of reach is a 502, and so is what the web has no request for", async () => {
  const gone = await serve(() => {});
  await gone.stop();
  const alone = await serve(listener(edge({ origin: originAt(`http://127.0.0.1:${gone.port}`) }).handle));
  assert.equal((await ask(alone.port, navigation("/", SIEMENS))).status, 502);
  assert.equal((await ask(alone.port, { ...navigation("/", SIEMENS), method: "TRACE" })).status, 502);
  await alone.stop();
});

test("an origin that breaks off: what came is delivered, and the answer is not whole", async () => {
  for (const headers of [{}, { "sec-fetch-dest": "empty" }]) {
    const { status, body, isWhole } = await ask(server.port, navigation("/reset", SIEMENS, headers));
    assert.deepEqual([status, isWhole], [200, false]);
    assert.ok(body.length > 4_000, `${body.length} bytes`);
  }
});

test("the origin need not go on for a visitor who has gone, whether it has begun or not", async () => {
  for (const path of ["/endless", "/silent"]) {
    const asking = once(arrivals, path);
    const visitor = connect(server.port, "127.0.0.1", () => visitor.write(`GET ${path} HTTP/1.1\r\nhost: www.tidewater.example\r\n\r\n`));
    const [answering] = await asking;
    const closed = once(answering, "close");
    if (path === "/endless") await once(visitor, "data");
    visitor.destroy();
    await closed;
  }
});

test("no more is read than the visitor takes", async () => {
  let most = 0;
  let outgoing;
  const { stream } = bodyOf(Array.from({ length: 64 }, () => new Uint8Array(MEBIBYTE)));
  const counted = stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        most = Math.max(most, outgoing.writableLength);
        controller.enqueue(chunk);
      },
    }),
  );
  const answer = listener(() => new Response(counted));
  const { port, stop } = await serve((incoming, response) => answer(incoming, (outgoing = response)));
  const { body } = await ask(port, navigation("/", SIEMENS));
  assert.equal(body.length, 64 * MEBIBYTE.length);
  // The stream keeps one chunk ahead.
  assert.ok(most <= 2 * MEBIBYTE.length, `${most} bytes waited`);
  await stop();
});
