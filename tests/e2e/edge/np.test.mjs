// Below `/np/` the handler answers as `nameplate serve` does: one table of requests, asked of both.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { bundle as file, program, sampleBytes } from "../../../www/test/sample.mjs";
import { eventually, startServe } from "../server.mjs";
import { sliceBytes } from "../tag/site.mjs";
import { digest, edge, file as tagFile, nameplate, NOVARTIS, PAGE, pageRequest, pageResponse, SIEMENS, STRANGER } from "./world.mjs";

const HOST = "www.tidewater.example";
const KEY = "only-the-operator-knows-this";
const folder = mkdtempSync(join(tmpdir(), "nameplate-np-"));
const [keyFile, signFile, eventsFile] = ["key", "sign", "events"].map((name) => join(folder, name));
writeFileSync(keyFile, KEY);
execFileSync(program, ["keygen", signFile], { stdio: "ignore" });
const sign = readFileSync(signFile, "utf8");
const told = [];

/** The handler as `serve` is started below. */
const np = { files: tagFile, key: KEY, events: (events) => void told.push(...events) };
const { handle, problems } = edge({ clientAddress: "x-forwarded-for=1", origin: () => assert.fail("the origin was asked"), np });
let server;

before(async () => {
  server = await startServe(file, ["--key", keyFile, "--events", eventsFile]);
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

/** What both answer, in the same words. */
async function askHandler({ path, method, headers, body }) {
  const response = await handle(new Request(`https://${HOST}${path}`, { method, headers, body }));
  return { status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) };
}

function askServer({ path, method, headers, body }, { url } = server) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, headers: { host: HOST, ...headers } }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk)).once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.once("error", reject).end(body);
  });
}

const OF_CONNECTION = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

function comparable({ status, headers, body }) {
  // The program says it of preflights too.
  const isSaid = (name) => !OF_CONNECTION.includes(name) && (name !== "allow" || status === 405);
  const kept = Object.entries(headers).filter(([name]) => isSaid(name));
  const isJson = headers["content-type"] === "application/json" && body.length > 0;
  return { status, headers: Object.fromEntries(kept.sort()), body: isJson ? JSON.parse(body) : digest(body) };
}

const from = (ip, headers = {}) => ({ "x-forwarded-for": ip, ...headers });
const get = (path, headers = {}, method = "GET") => ({ path, method, headers });
const post = (path, body, headers = from(SIEMENS)) => ({ path, method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
const visit = (facts = {}) => ({ url: `https://${HOST}/`, now: 1_790_000_000, ...facts });
const bearer = (key, more = {}) => from(SIEMENS, { authorization: `Bearer ${key}`, ...more });
const event = (facts = {}) => ({ id: "a1", type: "click", ...facts });
const GPC = { "sec-gpc": "1" };
const version = digest(tagFile("tag.js")).slice(0, 16);

const VISITORS = [SIEMENS, NOVARTIS, STRANGER, "10.0.0.1", "::ffff:139.23.204.1", "2001:db8::1", "unknown", "", `9.9.9.9, ${SIEMENS}`];
const ORIGINS = [`https://${HOST}`, `http://${HOST.toUpperCase()}:8443`, "https://evil.example", `https://${HOST}.evil.example`, `https://${HOST}@evil.example`, "null", "https://"];
const ASKS = { "access-control-request-method": "POST" };

const TABLE = [
  ...VISITORS.map((ip) => get("/np/slice", from(ip))),
  get("/np/slice"),
  get("/np/slice", from(SIEMENS, GPC)),
  get("/np/slice", from(SIEMENS, { "sec-gpc": "0" })),
  get("/np/slice?x=1", from(SIEMENS), "HEAD"),
  get("/np/health"),
  ...ORIGINS.flatMap((origin) => [get("/np/slice", from(SIEMENS, { origin })), get("/np/tag.js", { origin }), get("/np/decide", { origin, ...ASKS }, "OPTIONS"), post("/np/events", [], { origin })]),
  get("/np/decide", ASKS, "OPTIONS"),
  get("/np/nothing", { origin: `https://${HOST}`, ...ASKS }, "OPTIONS"),
  ...["slice", "decide", "events", "health", "tag.js", "nothing", "a/b", ""].flatMap((name) => ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].map((method) => get(`/np/${name}`, {}, method))),
  ...["slice", "health", "tag.js", "nothing", "a/b"].map((name) => post(`/np/${name}`, {})),

  ...VISITORS.map((ip) => post("/np/decide", visit(), from(ip))),
  post("/np/decide", visit(), from(SIEMENS, GPC)),
  post("/np/decide", visit({ visitor: { visits: 3, role: "champion", language: "de", device: "phone", timeZone: "Europe/Berlin", custom: { plan: "pro" } }, referrer: "https://www.example.com/" })),
  post("/np/decide", visit({ visitor: null, ip: null, account: null, attributes: null })),
  ...[{ account: "siemens" }, { ip: NOVARTIS }, { attributes: { industry: "Banking", employees: 7, technologies: ["x"] } }].flatMap((facts) => [
    post("/np/decide", visit(facts)),
    post("/np/decide", visit(facts), bearer(KEY)),
    post("/np/decide", visit(facts), bearer(KEY, GPC)),
    post("/np/decide", visit(facts), bearer(`${KEY}!`)),
  ]),
  post("/np/decide", visit(), bearer(KEY)),
  post("/np/decide", visit({ account: "siemens" }), from(SIEMENS, { authorization: "Basic YTpi" })),
  post("/np/decide", "x".repeat(65_537)),

  ...[[], [event()], [event({ account: "siemens", value: 2.5, new: true, x: null })], Array(256).fill(event()), Array(257).fill(event())].map((events) => post("/np/events", events)),
  post("/np/events", [event({ account: "siemens" })], from(SIEMENS, GPC)),
  post("/np/events", [event({ text: `from ${SIEMENS}, [2001:db8::7]:443 and 1.2.3`, url: `http://${SIEMENS}:80/x` })]),
  ...["", "{}", "[1]", "[[]]", "[null]", `[${JSON.stringify(event())},{"id":"a"}]`, "x".repeat(65_537)].map((body) => post("/np/events", body)),
  ...["", "a b", "é", "a".repeat(65), 7].map((id) => post("/np/events", [event({ id })])),
  ...[{ y: [1] }, { y: {} }, { "a-b": 1 }, { [""]: 1 }, { y: "é".repeat(512) }, { y: "é".repeat(513) }, Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`k${n}`, 1]))].map((facts) => post("/np/events", [event(facts)])),

  ...["tag.js", "tag-runtime.js", "core.wasm", "core.js", "tag.html", "tag.js.br", "studio.js", "index.html"].flatMap((name) => [get(`/np/${name}`), get(`/np/${name}`, {}, "HEAD")]),
  ...[version, version.slice(0, 8), version.slice(0, 7), `${version}0`, "", "0123456789"].map((v) => get(`/np/tag.js?v=${v}`)),
  ...[`"${version}"`, `W/"${version}"`, `"x", "${version}"`, "*", `"${version}-br"`, version].map((known) => get("/np/tag.js", { "if-none-match": known })),
];

test("the handler answers as the program does", async () => {
  for (const asked of TABLE) {
    const words = JSON.stringify({ ...asked, body: asked.body?.slice(0, 200) });
    assert.deepEqual(comparable(await askHandler(asked)), comparable(await askServer(asked)), words);
  }
  assert.deepEqual(problems, []);
});

test("what is no visit is refused by both, each in its words", async () => {
  for (const body of ["", "{", "[]", "1", "null", '"x"', '{"ip":7}', '{"url":[]}', '{"visits":1}', '{"visitor":{"visit":1}}', '{"visitor":7}', '{"visitor":"x"}', '{"attributes":{"x":1}}', '{"now":"x"}']) {
    const asked = post("/np/decide", body);
    for (const answer of [await askHandler(asked), await askServer(asked)]) {
      assert.equal(answer.status, 400, body);
      assert.match(JSON.parse(answer.body).error, /^not a visit: /);
    }
  }
});

test("the events that the page told go where both are told to put them", async () => {
  const written = await eventually(() => {
    const lines = readFileSync(eventsFile, "utf8").trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines.length, told.length);
    return lines;
  }, 30_000);
  const untimed = (events) => events.map(({ received, ...said }) => (assert.ok(Number.isInteger(received)), said));
  assert.ok(told.length > 256);
  assert.deepEqual(untimed(told), untimed(written));
  assert.doesNotMatch(JSON.stringify(told), /139\.23|2001:db8/);
});

test("slices are signed as the program signs them", async () => {
  const signing = await startServe(file, ["--sign", signFile]);
  const { handle } = edge({ clientAddress: "x-forwarded-for=1", np: { sign: () => sign } });
  const hour = () => Math.floor(Date.now() / 3_600_000);
  try {
    for (const ip of [SIEMENS, STRANGER]) {
      // Both sign what they sign in the same hour alike.
      for (let began = null; began !== hour(); ) {
        began = hour();
        const [one, other] = [await (await handle(new Request(`https://${HOST}/np/slice`, { headers: from(ip) }))).arrayBuffer(), await askServer(get("/np/slice", from(ip)), signing)];
        if (began === hour()) assert.equal(digest(Buffer.from(one)), digest(other.body), ip);
        assert.ok(one.byteLength > nameplate.slice({ ip }).length);
      }
    }
  } finally {
    await signing.stop();
  }
});

/** The slice in a page, and the bytes that stand before it and behind. */
const INLINE = /^([^]*)<script id="np-slice" type="application\/octet-stream">([\w+/=]+)<\/script>([^]*)$/;

test("a page that is changed and has the tag carries the slice of its visitor, before the tag", async () => {
  const page = (headers, options = {}) => edge({ np: {}, ...options }).handle(pageRequest(SIEMENS, { headers }));
  for (const [headers, visitor] of [[{}, { ip: SIEMENS }], [GPC, {}]]) {
    const response = await page(headers);
    const [, before, slice, behind] = INLINE.exec(await response.text());
    assert.equal(digest(Buffer.from(slice, "base64")), digest(nameplate.slice(visitor)));
    assert.match(behind, /^<script async src="\/np\/tag.js">/);
    assert.equal(before + behind, await (await page(headers, { np: undefined })).text());
    assert.equal(response.headers.get("cache-control"), "private, no-store");
  }
  const noTag = PAGE.toString().replace("/np/tag.js", "/tag.js");
  const unchanged = await edge({ bundle: await Nameplate.load(sliceBytes("--stranger")), np: {} }).handle(pageRequest(SIEMENS));
  assert.equal(await unchanged.text(), PAGE.toString());
  assert.doesNotMatch(await (await page({}, { origin: () => pageResponse({ body: noTag }) })).text(), /np-slice/);
});

const ask = (options, path, init = {}, ...rest) => edge({ clientAddress: () => SIEMENS, ...options }).handle(new Request(`https://${HOST}${path}`, init), ...rest);

test("nobody answers below /np/ unless asked to", async () => {
  const response = await ask({ origin: () => pageResponse({ body: "the origin's" }) }, "/np/slice");
  assert.equal(await response.text(), "the origin's");
});

test("files come as the runtime has them; what is not there is not found, and asked for again", async () => {
  const bytes = Buffer.from("the tag");
  for (const files of [() => bytes, async () => new Uint8Array(bytes).buffer, () => new Response(bytes)]) {
    const response = await ask({ np: { files } }, "/np/tag.js");
    assert.deepEqual([response.status, await response.text(), response.headers.get("content-type")], [200, "the tag", "text/javascript; charset=utf-8"]);
  }
  for (const files of [undefined, () => null, () => new Response("x", { status: 404 })]) assert.equal((await ask({ np: { files } }, "/np/tag.js")).status, 404);
  const asked = [];
  const { handle, problems } = edge({ np: { files: (name, env) => (asked.push([name, env]), asked.length === 1 ? Promise.reject(new Error("away")) : bytes) } });
  const status = async (name) => (await handle(new Request(`https://${HOST}/np/${name}`), "env")).status;
  assert.deepEqual([await status("tag.js"), await status("tag.js"), await status("tag.js"), await status("..%2fpackage.json")], [500, 200, 200, 404]);
  assert.deepEqual([asked, problems], [[["tag.js", "env"], ["tag.js", "env"]], ["away"]]);
});

test("a sink that fails is no error of the page's, and the answer does not wait for it", async () => {
  const failing = [() => assert.fail("full"), () => Promise.reject(new Error("full")), () => new Promise(() => {})];
  for (const events of failing) {
    const problems = [];
    const waited = [];
    const init = { method: "POST", body: JSON.stringify([event()]) };
    const response = await ask({ np: { events }, report: (problem) => problems.push(problem) }, "/np/events", init, {}, { waitUntil: (work) => waited.push(work) });
    assert.deepEqual([response.status, waited.length], [204, 1]);
    if (events === failing.at(-1)) continue;
    await waited[0];
    assert.deepEqual(problems, ["full"]);
  }
  assert.equal((await ask({ np: {} }, "/np/events", { method: "POST", body: JSON.stringify([event()]) })).status, 204);
});

test("without a bundle nothing is said of visitors, and the tag is there all the same", async () => {
  const options = { bundle: () => Promise.reject(new Error("away")), np: { files: tagFile } };
  const statuses = await Promise.all(["slice", "health", "tag.js"].map(async (name) => (await ask(options, `/np/${name}`)).status));
  assert.deepEqual(statuses, [503, 503, 200]);
  for (const name of ["decide", "events"]) assert.equal((await ask(options, `/np/${name}`, { method: "POST", body: name === "decide" ? "{}" : "[]" })).status, 503);
});

test("a core that traps fails one answer, not the next", async () => {
  const { Instance } = WebAssembly;
  for (const [name, path, init] of [["core_slice", "/np/slice", {}], ["core_choose", "/np/decide", { method: "POST", body: "{}" }]]) {
    let calls = 0;
    WebAssembly.Instance = function (module, imports) {
      const { exports } = new Instance(module, imports);
      const trap = (...given) => {
        calls += 1;
        if (calls === 1) throw new WebAssembly.RuntimeError("unreachable");
        return exports[name](...given);
      };
      return { exports: { ...exports, [name]: trap } };
    };
    try {
      const bundle = await Nameplate.load(sampleBytes());
      const { handle, problems } = edge({ bundle, np: {} });
      const status = async () => (await handle(new Request(`https://${HOST}${path}`, init))).status;
      assert.deepEqual([await status(), await status()], [500, 200], name);
      assert.deepEqual(problems, ["the core stopped: unreachable"]);
      bundle.free();
    } finally {
      WebAssembly.Instance = Instance;
    }
  }
});

test("a slice is what the program makes for the same visitor, and nobody may change what is kept of it", () => {
  const slice = nameplate.slice({ ip: SIEMENS });
  const again = nameplate.slice({ account: "siemens" });
  assert.equal(digest(slice), digest(again));
  slice.fill(0);
  assert.equal(digest(nameplate.slice({ ip: SIEMENS })), digest(again));
  assert.throws(() => nameplate.slice({ ip: 7 }), /expected text/);
  assert.throws(() => nameplate.slice({}, { secretKey: "np-public-7" }), /expected a secret key/);
});
