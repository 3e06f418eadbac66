// What an origin can answer, and what can fail: the cases that every runtime goes through.

import { gzipSync } from "node:zlib";
import { publicKey } from "./broken.mjs";
import { chunksOf, PAGE } from "./world.mjs";

const HTML = { "content-type": "text/html; charset=utf-8", etag: '"v1"', "cache-control": "public, max-age=60" };
const said = (status, headers = {}, body = PAGE) => (response) => response.writeHead(status, { ...HTML, ...headers }).end(body);

/** Longer than what a core without memory can keep, in the first element that changes. */
const LONG = Buffer.from(PAGE.toString().replace("<p>New in", `<p>${"New ".repeat(60_000)}in`));
export const STRAY = Buffer.from(`<!doctype html>${"</p>".repeat(179_200)}`);

let breakOff;

/** What the origin answers, by path: `(response) => ...`. */
export const ANSWERS = {
  "/": said(200),
  "/gzip": said(200, { "content-encoding": "gzip" }, gzipSync(PAGE)),
  "/long": said(200, {}, LONG),
  "/304": said(304, {}, null),
  "/206": said(206, { "content-range": `bytes 0-99/${PAGE.length}` }, PAGE.subarray(0, 100)),
  "/500": said(500),
  "/reset"(response) {
    breakOff = () => response.destroy();
    response.writeHead(200, { ...HTML, "content-length": PAGE.length }).write(PAGE.subarray(0, 5_000));
  },
  "/bytes"(response) {
    response.writeHead(200, HTML);
    for (const byte of chunksOf(PAGE, 1)) response.write(byte);
    response.end();
  },
  "/charset": said(200, { "content-type": "text/html; charset=x-unknown" }),
  "/stray": said(200, {}, STRAY),
};

const ORIGINAL = { body: PAGE, headers: { etag: '"v1"', "cache-control": "public, max-age=60" } };
const PERSONAL = "as in Node";
const keyed = (bundle, more) => ({ bundle, load: { publicKey, site: "Tidewater", environment: "production", ...more } });

/**
 * Faults of an edge: `[what fails, { edge, clock, path, comes, reported }]`. `edge` and `clock` are what `worker.mjs` is told, `comes` is
 * what the visitor gets, and `reported` what whoever runs it is told. Nothing at the edge reads an mmdb today: when it does, its four faults (missing,
 * corrupt, fan-out, wrong type) belong here. That nobody takes events is tested with what is below `/np/`.
 */
export const FAULTS = [
  ["the bundle is missing", { edge: { bundle: "missing" }, reported: /expected bytes, a response, or an address/ }],
  ["the bundle is empty", { edge: { bundle: "empty" }, reported: /expected more bytes/ }],
  ["the bundle is truncated", { edge: { bundle: "truncated" }, reported: /cut short/ }],
  ["a bit of the bundle has flipped", { edge: { bundle: "bit-flip" }, reported: /checksum/ }],
  ["the bundle is of another site", { edge: keyed("wrong-site"), reported: /site/ }],
  ["the bundle has expired", { edge: keyed("expired"), reported: /expired/ }],
  ["the bundle is not signed", { edge: keyed("good"), reported: /expected a signature, found none/ }],
  ["the bundle is signed by somebody else", { edge: keyed("of-somebody-else"), reported: /signature is wrong/ }],
  ["the bundle is of a later version", { edge: { bundle: "future-version" }, reported: /another version/ }],
  ["the bundle is too large", { edge: { bundle: "too-large" }, reported: /limit|at most/ }],
  ["the bundle never comes", { edge: { bundle: "slow" } }],
  ["the core is missing", { edge: { module: null }, reported: /./ }],
  ["the core traps while a bundle is opened", { edge: { module: "trap-in-open.wasm" }, reported: /core stopped/ }],
  ["the core traps while it decides", { edge: { module: "trap-in-decide.wasm" } }],
  ["the core traps while it rewrites", { edge: { module: "trap-in-rewrite.wasm" }, comes: { body: PAGE } }],
  ["the core has no memory left while it rewrites", { edge: { module: "memory-in-rewrite.wasm" }, path: "/long", comes: { body: LONG } }],
  ["the core's stack overflows", { edge: { module: "overflow-in-decide.wasm" } }],
  ["what says whose address it is throws", { edge: { fault: "address" }, reported: /thrown on purpose/ }],
  ["what is told of faults throws too", { edge: { fault: "report" } }],
  // A bundle may come when the page that asked for it is over, and its clock with it.
  ["the clock says 1970", { edge: keyed("signed", { now: 0 }), clock: 0, reported: /not come yet/ }],
  ["the origin says that nothing has changed", { path: "/304", comes: { ...ORIGINAL, status: 304, body: Buffer.alloc(0) } }],
  ["the origin sends a part", { path: "/206", comes: { ...ORIGINAL, status: 206, body: PAGE.subarray(0, 100) } }],
  ["the origin fails", { path: "/500", comes: { ...ORIGINAL, status: 500 } }],
  ["the origin breaks off", { path: "/reset", comes: { isWhole: false }, began: () => breakOff() }],
  ["the origin sends byte for byte", { path: "/bytes", comes: PERSONAL }],
  ["the origin's charset is unknown", { path: "/charset" }],
  ["the origin sends 700 KB of stray tags", { path: "/stray", comes: { body: STRAY } }],
].map(([what, { edge = {}, path = "/", comes = ORIGINAL, reported = null, ...asked }]) => ({ what, asked: { edge, ...asked }, path, comes, reported }));
