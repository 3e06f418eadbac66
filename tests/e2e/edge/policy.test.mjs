// What is rewritten and what is not, and what is said of it to browsers and caches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { HANDLER_ONLY, KEPT, MATRIX } from "./matrix.mjs";
import { digest, edge, nameplate, NOVARTIS, PAGE, pageRequest, pageResponse, SIEMENS, URL_OF_PAGE } from "./world.mjs";

test(`${MATRIX.length} answers that go through byte for byte, headers and all`, async () => {
  // A bundle whose strangers see what its author wrote.
  const known = { decide: (visit) => (visit.ip === SIEMENS ? nameplate.decide(visit) : { slots: [] }), rewriter: (decision) => nameplate.rewriter(decision) };
  for (const [what, { ip, ...asked }, answer] of [...MATRIX, ...HANDLER_ONLY]) {
    const expected = pageResponse(answer);
    const { handle, problems } = edge({ bundle: known, origin: () => pageResponse(answer) });
    const response = await handle(pageRequest(ip, asked));
    assert.equal(response.status, expected.status, what);
    if (!answer.isMarkupUnknown) assert.deepEqual([...response.headers], [...expected.headers], what);
    assert.equal(digest(Buffer.from(await response.arrayBuffer())), digest(Buffer.from(await expected.arrayBuffer())), what);
    assert.deepEqual(problems, [], what);
  }
  assert.ok(MATRIX.length >= 40);
});

test("a page is rewritten, in each charset whose markup is ASCII", async () => {
  const types = ["text/html", "TEXT/HTML;Charset=UTF-8", 'text/html; charset="utf-8"', ...["iso-8859-1", "windows-1252", "shift_jis", "gbk", "big5", "euc-kr", "koi8-r", "us-ascii"].map((charset) => `text/html; charset=${charset}`)];
  for (const type of types) {
    const { handle } = edge({ origin: () => pageResponse({ headers: { "content-type": type } }) });
    const response = await handle(pageRequest());
    assert.match(await response.text(), /You build the controls/, type);
    assert.equal(response.headers.get("content-type"), type);
  }
});

test("a rewritten page is for one visitor, and nothing speaks of the origin's bytes any more", async () => {
  const origin = {
    ...KEPT,
    age: "7",
    "cdn-cache-control": "max-age=600",
    "cloudflare-cdn-cache-control": "max-age=600",
    "content-digest": "sha-256=:AA==:",
    "content-md5": "AA==",
    "content-security-policy": "default-src 'self'",
    digest: "sha-256=AA==",
    expires: "Wed, 01 Jan 2125 00:00:00 GMT",
    "repr-digest": "sha-256=:AA==:",
    "surrogate-control": "max-age=600",
    vary: "accept-encoding",
    "x-accel-expires": "600",
  };
  const headers = new Headers({ "content-type": "text/html", ...origin });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  const { handle } = edge({ origin: () => new Response(PAGE, { headers }) });
  const response = await handle(pageRequest());
  const no = "private, no-store";
  assert.deepEqual([...response.headers], [
    ["cache-control", no], ["cdn-cache-control", no], ["content-security-policy", "default-src 'self'"], ["content-type", "text/html"],
    ["set-cookie", "a=1"], ["set-cookie", "b=2"], ["surrogate-control", no], ["vary", "accept-encoding"],
  ]);
  assert.match(await response.text(), /You build the controls/);
});

test("the origin is asked for the whole page, packed as everybody can unpack it, and for all else as the visitor asked", async () => {
  const asked = [];
  const { handle } = edge({ origin: (request) => (asked.push(Object.fromEntries(request.headers)), pageResponse()) });
  const conditions = { "if-none-match": '"v1"', "if-modified-since": "Wed, 01 Jan 2025 00:00:00 GMT", "if-range": '"v1"', "if-match": "*", "if-unmodified-since": "x", range: "bytes=0-9" };
  const encodings = { "gzip, deflate, br": "gzip", "br": "identity", "gzip;q=0, br": "identity", "gzip;q=0.5": "gzip", "br, gzip ;q=1.0": "gzip", "x-gzip": "identity" };
  for (const [given, expected] of Object.entries(encodings)) {
    await handle(pageRequest(SIEMENS, { headers: { ...conditions, "accept-encoding": given, cookie: "a=1" } }));
    const headers = asked.pop();
    assert.equal(headers["accept-encoding"], expected, given);
    assert.equal(headers.cookie, "a=1");
    for (const name of Object.keys(conditions)) assert.equal(headers[name], undefined, name);
  }
  for (const request of [pageRequest(SIEMENS, { headers: { ...conditions, "sec-fetch-dest": "image" } }), pageRequest(SIEMENS, { headers: conditions, method: "HEAD" })]) {
    await handle(request);
    const headers = asked.pop();
    assert.equal(headers["accept-encoding"], "gzip, br");
    for (const [name, value] of Object.entries(conditions)) assert.equal(headers[name], value, name);
  }
});

test("a page that comes packed is rewritten, whether the runtime has unpacked it or not", async () => {
  const plain = await (await edge().handle(pageRequest())).text();
  for (const body of [gzipSync(PAGE), PAGE]) {
    const { handle } = edge({ origin: () => pageResponse({ body, headers: { "content-encoding": "gzip" } }) });
    const response = await handle(pageRequest());
    assert.equal(response.headers.get("content-encoding"), null);
    assert.equal(await response.text(), plain);
  }
});

test("the client's address is where the one source says, and nowhere else", async () => {
  const everywhere = { "x-forwarded-for": NOVARTIS, forwarded: `for=${NOVARTIS}`, "x-real-ip": NOVARTIS, "true-client-ip": NOVARTIS, "cf-connecting-ip": NOVARTIS };
  const ask = async (clientAddress, headers) => {
    const visits = [];
    const bundle = { decide: (visit) => (visits.push(visit.ip), { slots: [] }) };
    await edge({ bundle, clientAddress }).handle(new Request(URL_OF_PAGE, { headers: { accept: "text/html", ...headers } }));
    return visits[0];
  };
  const check = async (source, value, expected) => {
    const name = source.split("=")[0];
    const { [name]: _, ...others } = everywhere;
    assert.equal(await ask(source, { ...others, [name]: value }), expected, `${source}: ${value}`);
    assert.equal(await ask(source, others), null);
  };
  for (const [value, expected] of [["192.0.2.7", "192.0.2.7"], ["2001:db8::7", "2001:db8:0:0:0:0:0:7"], ["192.0.2.7, 192.0.2.8", null], ["unknown", null], ["[2001:db8::7]", null], ["192.0.2.7\u00a0", null]]) await check("cf-connecting-ip", value, expected);
  for (const [value, expected] of [
    ["192.0.2.6, 192.0.2.7", "192.0.2.7"], ["192.0.2.7:80", "192.0.2.7"], ["[2001:db8::7]:443", "2001:db8:0:0:0:0:0:7"], ["[2001:db8::7]", "2001:db8:0:0:0:0:0:7"], ["2001:db8::7", "2001:db8:0:0:0:0:0:7"], ["::ffff:192.0.2.7", "192.0.2.7"],
    ["192.0.2.6, unknown", null], ["192.0.2.6,", null], ["192.0.2.7:", null], ["192.0.2.7:123456", null], ["[192.0.2.7]", null], ["[2001:db8::7]x", null], ["[ 2001:db8::7]", null], ["\u00a0192.0.2.7", null], ["\u0085192.0.2.7", null], ["_hidden", null], ['"192.0.2.7"', null], ["192.0.2.7 192.0.2.8", null],
  ]) await check("x-forwarded-for=1", value, expected);
  await check("x-forwarded-for=2", "192.0.2.5, 192.0.2.6, 192.0.2.7", "192.0.2.6");
  await check("x-forwarded-for=3", "192.0.2.6, 192.0.2.7", null);
  assert.equal(await ask(() => "192.0.2.9", everywhere), "192.0.2.9");
  assert.equal(await ask(() => undefined, everywhere), null);
  assert.equal(await ask("cf-connecting-ip", { ...everywhere, "sec-gpc": "1" }), null);
  for (const wrong of ["socket", "x-forwarded-for", "x-forwarded-for=0", "x-forwarded-for=a", "X-Real-IP", "", undefined]) assert.throws(() => edge({ clientAddress: wrong }), /clientAddress|cf-connecting-ip/, wrong);
});
