// The Fastly example goes through what the other runtimes go through, and whatever fails, the visitor gets every byte of the author's page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BUNDLES } from "../edge/broken.mjs";
import { ANSWERS, FAULTS } from "../edge/cases.mjs";
import { MATRIX } from "../edge/matrix.mjs";
import { startOrigin } from "../edge/origin.mjs";
import { digest, edge, NOVARTIS, PAGE, pageRequest, SIEMENS, STRANGER } from "../edge/world.mjs";
import { freePort } from "../process.mjs";
import { startViceroy } from "./viceroy.mjs";

const expected = Object.fromEntries(await Promise.all([SIEMENS, NOVARTIS, STRANGER].map(async (ip) => [ip, await (await edge().handle(pageRequest(ip))).text()])));
const NOT_KEPT = ["cache-control", "cdn-cache-control", "surrogate-control"];
/** What a server says of itself and of the connection; and Viceroy takes the length off what has no body. */
const OF_SERVER = ["connection", "date", "keep-alive", "transfer-encoding"];
const OF_NO_BODY = [...OF_SERVER, "content-length"];

let origin;
let viceroy;
/** What the origin was asked last. */
let asked;
before(async () => {
  const answers = Object.entries(MATRIX).map(([index, [, , answer]]) => [`/matrix/${index}`, (response) => answerWith(response, answer)]);
  const all = Object.entries({ ...ANSWERS, ...Object.fromEntries(answers), "/private": (response) => answerWith(response, { headers: PRIVATE }) });
  const noting = all.map(([path, answer]) => [path, (response) => ((asked = response.req.headers), answer(response))]);
  origin = await startOrigin(Object.fromEntries(noting), {});
  viceroy = await startViceroy(origin.url, BUNDLES.good);
});
after(async () => {
  await viceroy?.stop();
  await origin?.stop();
});

test("a page arrives as the handler in Node sends it, packed or not, in chunks of any size, whatever a browser has of it", async () => {
  for (const ip of [SIEMENS, NOVARTIS, STRANGER]) {
    for (const path of ["/", "/gzip", "/bytes"]) {
      const { status, headers, body } = await viceroy.ask(path, { ip, headers: { "if-none-match": '"v1"', range: "bytes=0-9" } });
      assert.equal(status, 200, path);
      assert.equal(body.toString(), expected[ip], path);
      for (const name of NOT_KEPT) assert.equal(headers[name], "private, no-store", path);
      assert.deepEqual([asked["if-none-match"], asked.range, asked["accept-encoding"]], [undefined, undefined, "gzip"], path);
    }
  }
});

test("of the origin's bytes nothing is said, and what a vendor's cache is told neither; cookies go through", async () => {
  const { headers } = await viceroy.ask("/private");
  const { date, connection, "keep-alive": kept, "transfer-encoding": transfer, ...said } = headers;
  const notKept = Object.fromEntries(NOT_KEPT.map((name) => [name, "private, no-store"]));
  assert.deepEqual(said, { "content-type": "text/html; charset=utf-8", "set-cookie": ["a=1", "b=2"], "x-compress-hint": "on", ...notKept });
});

test("many pages at once do not mix, and who asks not to be recognised is a stranger", async () => {
  const visitors = [{ ip: SIEMENS }, { ip: NOVARTIS }, { ip: STRANGER }, { ip: SIEMENS, headers: { "sec-gpc": "1" } }];
  const pages = [SIEMENS, NOVARTIS, STRANGER, STRANGER].map((ip) => expected[ip]);
  assert.equal(new Set(pages).size, 3);
  const answers = await Promise.all(Array.from({ length: 160 }, (_, index) => viceroy.ask(["/", "/gzip"][index % 2], visitors[index % 4])));
  answers.forEach(({ body }, index) => assert.equal(body.toString(), pages[index % 4]));
});

test("whatever the origin answers, every byte of the page comes, with its status", async () => {
  const faults = FAULTS.filter(({ what }) => what.startsWith("the origin"));
  assert.ok(faults.length > 6);
  for (const { what, asked, path, comes } of faults) {
    const { status = 200, headers = {}, isWhole = true, body } = comes === "as in Node" ? { body: expected[SIEMENS] } : comes;
    const came = await viceroy.ask(path, asked);
    assert.deepEqual([came.status, came.isWhole], [status, isWhole], what);
    if (body === undefined) assert.ok(came.body.length > 0, what);
    else assert.equal(digest(came.body), digest(body), what);
    for (const [name, value] of Object.entries(headers)) assert.equal(came.headers[name], value, `${what}: ${name}`);
  }
});

test(`${MATRIX.length} answers go through byte for byte, headers and all`, async () => {
  for (const [index, [what, question, answer]] of MATRIX.entries()) {
    const came = await viceroy.ask(`/matrix/${index}`, question);
    const body = Buffer.from(question.method === "HEAD" || answer.body === null ? "" : (answer.body ?? PAGE));
    assert.deepEqual([came.status, came.isWhole], [answer.status ?? 200, true], what);
    assert.equal(digest(came.body), digest(body), what);
    if (answer.isMarkupUnknown) continue;
    const passedOver = question.method === "HEAD" ? OF_NO_BODY : OF_SERVER;
    assert.deepEqual(pairs(came.rawHeaders, passedOver), pairs(raw(headersOf(answer.headers)), passedOver), what);
  }
});

const BROKEN = Object.fromEntries(["empty", "truncated", "bit-flip", "future-version", "too-large"].map((name) => [name, BUNDLES[name]]));
for (const [what, bundle] of Object.entries({ missing: null, "without a store": undefined, ...BROKEN })) {
  test(`a bundle that cannot be used costs no page: ${what}`, async () => {
    const other = await startViceroy(origin.url, bundle);
    try {
      for (const path of ["/", "/500"]) {
        const { status, headers, body } = await other.ask(path);
        assert.deepEqual([status, headers.etag, headers["cache-control"]], [path === "/" ? 200 : 500, '"v1"', "public, max-age=60"]);
        assert.equal(digest(body), digest(PAGE));
      }
    } finally {
      await other.stop();
    }
  });
}

test("as it stands it believes no header, and a signed bundle is taken", async () => {
  const other = await startViceroy(origin.url, BUNDLES.signed, "socket");
  try {
    const { body } = await other.ask("/", { ip: SIEMENS, headers: { "x-forwarded-for": SIEMENS, "fastly-client-ip": SIEMENS } });
    assert.equal(body.toString(), expected[STRANGER]);
  } finally {
    await other.stop();
  }
});

test("an origin out of reach is a 502", async () => {
  const other = await startViceroy(`http://127.0.0.1:${await freePort()}`, BUNDLES.good);
  try {
    assert.equal((await other.ask("/")).status, 502);
  } finally {
    await other.stop();
  }
});

const PRIVATE = {
  etag: '"v1"', "last-modified": "Wed, 01 Jan 2025 00:00:00 GMT", "accept-ranges": "bytes", "content-md5": "x", digest: "x", "content-digest": "x", expires: "0",
  "cache-control": "public", "x-vendor-cdn-cache-control": "public", "set-cookie": ["a=1", "b=2"],
};

function headersOf(headers) {
  return { "content-type": "text/html; charset=utf-8", ...headers };
}

function answerWith(response, { status = 200, headers, body = PAGE }) {
  response.writeHead(status, headersOf(headers)).end(body);
}

/** Headers as they come: name, value, name, value. */
function raw(headers) {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));
}

function pairs(raw, passedOver) {
  const all = raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1]]] : []));
  return all.filter(([name]) => !passedOver.includes(name)).sort();
}
