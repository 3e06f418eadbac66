// Every runtime goes through the same cases, and whatever fails, the visitor gets every byte of the author's page.

import assert from "node:assert/strict";
import { json } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { wasmBytes } from "../../../www/test/sample.mjs";
import { eventually } from "../server.mjs";
import { brokenCores, BUNDLES } from "./broken.mjs";
import { ANSWERS, FAULTS } from "./cases.mjs";
import { MATRIX } from "./matrix.mjs";
import { startOrigin } from "./origin.mjs";
import { RUNTIMES, startRuntime } from "./runtimes.mjs";
import { digest, edge, file, NOVARTIS, PAGE, pageRequest, SIEMENS, STRANGER } from "./world.mjs";

/** For what comes when it comes. */
const PATIENCE_MS = 30_000;

const cores = { "core.wasm": wasmBytes(), ...brokenCores() };
const expected = Object.fromEntries(await Promise.all([SIEMENS, NOVARTIS, STRANGER].map(async (ip) => [ip, await (await edge().handle(pageRequest(ip))).text()])));
/** The same in Node, answering below `/np/` too. */
const inNode = edge({ np: { files: file } });
/** What all are asked there: `[path, headers, { method, body }]`. */
const NP = [
  ["/"],
  ["/np/slice"],
  ["/np/slice", { "sec-gpc": "1" }],
  ["/np/slice", { origin: "https://www.tidewater.example" }],
  ["/np/health"],
  ["/np/core.wasm?v=0"],
  ["/np/tag.js", { origin: "https://evil.example" }],
  ["/np/nothing"],
  ["/np/slice", {}, { method: "POST", body: "" }],
  ["/np/decide", {}, { method: "POST", body: '{"url":"https://www.tidewater.example/","now":1790000000}' }],
  ["/np/events", {}, { method: "POST", body: "{}" }],
  ["/np/events", {}, { method: "POST", body: "x".repeat(65_537) }],
];
/** The events that an edge has sent on. */
const told = [];
/** Who asked for the late bundle, and waits. */
const late = [];
/** What is left of the bundle that turns bad. */
let turning = [];
let origin;
before(async () => {
  const matrix = Object.fromEntries(MATRIX.map(([, , answer], index) => [`/matrix/${index}`, (response) => answerWith(response, answer)]));
  const files = Object.fromEntries(["tag.js", "core.wasm"].map((name) => [`/files/${name}`, (response) => response.end(file(name))]));
  const events = (response) => json(response.req).then((events) => response.end(String(told.push(...events))));
  origin = await startOrigin({ ...ANSWERS, ...matrix, ...files, "/events": events }, { ...BUNDLES, late: (response) => late.push(response), turning: (response) => response.end(turning.pop() ?? "no bundle") });
});
after(() => origin?.stop());

for (const name of Object.keys(RUNTIMES)) {
  describe(name, () => {
    let runtime;
    before(async () => {
      runtime = await startRuntime(name, { origin: origin.url, core: null, modules: cores });
    });
    after(() => runtime?.stop());

    /** Until the first bundle is there, pages come as their author wrote them. */
    const ready = (edge) => eventually(async () => assert.equal((await runtime.ask("/", { edge })).body.toString(), expected[SIEMENS]), PATIENCE_MS);

    test("a page arrives as the handler in Node sends it, packed or not, in chunks of any size, whatever a browser has of it", async () => {
      await ready();
      for (const ip of [SIEMENS, NOVARTIS]) {
        for (const path of ["/", "/gzip", "/bytes"]) {
          const { status, headers, body } = await runtime.ask(path, { ip, headers: { "if-none-match": '"v1"', range: "bytes=0-9" } });
          assert.deepEqual([status, headers.etag, headers["cache-control"], headers["cdn-cache-control"], headers["content-encoding"]], [200, undefined, "private, no-store", "private, no-store", undefined], path);
          assert.equal(body.toString(), expected[ip], path);
        }
      }
    });

    test("many pages at once do not mix, and who asks not to be recognised is a stranger", async () => {
      await ready();
      const visitors = [{ ip: SIEMENS }, { ip: NOVARTIS }, { ip: STRANGER }, { ip: SIEMENS, headers: { "sec-gpc": "1" } }];
      const pages = [SIEMENS, NOVARTIS, STRANGER, STRANGER].map((ip) => expected[ip]);
      assert.equal(new Set(pages).size, 3);
      const answers = await Promise.all(Array.from({ length: 160 }, (_, index) => runtime.ask(["/", "/gzip"][index % 2], visitors[index % 4])));
      answers.forEach(({ body }, index) => assert.equal(body.toString(), pages[index % 4]));
    });

    test("rules read a request's cookies, and without consent only the necessary ones", async () => {
      const edge = { bundle: "cookies" };
      const title = async (cookie) => /<h1[^>]*>([^<]*)</.exec((await runtime.ask("/", { edge, headers: { cookie } })).body.toString())[1];
      await eventually(async () => assert.equal(await title('a=b; __Host-plan="pro"; region=eu'), "For those who pay"), PATIENCE_MS);
      const authored = await title("__Host-plan=free");
      assert.ok(!authored.startsWith("For "), authored);
      assert.equal(await title("region=eu"), authored);
      assert.equal(await title("__Host-plan=free; __Host-plan=pro"), authored);
    });

    test("a bad bundle leaves the last good one", async () => {
      const edge = { bundle: "turning", refreshSeconds: 0 };
      turning = [BUNDLES.good];
      await ready(edge);
      for (let page = 0; page < 20; page += 1) assert.equal((await runtime.ask("/", { edge })).body.toString(), expected[SIEMENS]);
      await eventually(async () => assert.match((await runtime.ask("/problems", { edge })).body.toString(), /expected/), PATIENCE_MS);
    });

    test("whatever fails, every byte of the page comes, with its status", async () => {
      await ready();
      for (const { what, asked, path, comes, reported } of FAULTS) {
        const problems = async () => JSON.parse((await runtime.ask("/problems", { edge: asked.edge })).body);
        for (let round = 0; round < 3; round += 1) check(await runtime.ask(path, asked), comes, what);
        if (reported === null) assert.deepEqual(await problems(), [], what);
        else {
          await eventually(async () => {
            await runtime.ask(path, asked);
            assert.match((await problems()).join("\n"), reported, what);
          }, PATIENCE_MS);
        }
        assert.ok(!(await problems()).join().includes(SIEMENS), what);
      }
      await ready();
    });

    test("a bundle that comes when the pages that asked for it are over is used all the same", async () => {
      await eventually(async () => {
        const { body } = await runtime.ask("/", { edge: { bundle: "late" } });
        for (const response of late.splice(0)) response.end(BUNDLES.good);
        assert.equal(body.toString(), expected[SIEMENS]);
      }, PATIENCE_MS);
    });

    test("below /np/ it answers as the handler in Node", async () => {
      const edge = { np: true };
      await eventually(async () => assert.equal((await runtime.ask("/np/health", { edge })).status, 200), PATIENCE_MS);
      for (const [path, headers = {}, init = {}] of NP) {
        const asked = await inNode.handle(pageRequest(SIEMENS, { headers, url: `https://www.tidewater.example${path}`, ...init }));
        const came = await runtime.ask(path, { headers, edge, ...init });
        assert.equal(came.status, asked.status, path);
        assert.equal(digest(came.body), digest(Buffer.from(await asked.arrayBuffer())), path);
        for (const [header, value] of asked.headers) assert.equal(came.headers[header], value, `${path}: ${header}`);
      }
      told.length = 0;
      const body = JSON.stringify([{ id: "a1", type: "click", from: SIEMENS }]);
      assert.equal((await runtime.ask("/np/events", { method: "POST", body, edge })).status, 204);
      await eventually(() => assert.deepEqual(told.map(({ received, ...said }) => said), [{ id: "a1", type: "click", from: "-" }]), PATIENCE_MS);
      assert.deepEqual(JSON.parse((await runtime.ask("/problems", { edge })).body), []);
    });

    test("who takes events may fail: the page and its events hear nothing of it", async () => {
      const edge = { np: true, fault: "events" };
      await eventually(async () => assert.equal((await runtime.ask("/np/health", { edge })).status, 200), PATIENCE_MS);
      const page = await (await inNode.handle(pageRequest(SIEMENS))).text();
      for (let round = 0; round < 3; round += 1) {
        assert.equal((await runtime.ask("/np/events", { method: "POST", body: '[{"id":"a1","type":"click"}]', edge })).status, 204);
        assert.equal((await runtime.ask("/", { edge })).body.toString(), page);
      }
      await eventually(async () => assert.match((await runtime.ask("/problems", { edge })).body.toString(), /thrown on purpose/), PATIENCE_MS);
    });

    test(`${MATRIX.length} answers go through byte for byte, headers and all`, async () => {
      await ready();
      for (const [index, [what, asked, answer]] of MATRIX.entries()) {
        const came = await runtime.ask(`/matrix/${index}`, asked);
        const { status, headers, body } = expectation(answer, asked.method, RUNTIMES[name].unpacks);
        const own = (all) => all.filter(([header]) => ![...OF_SERVER, ...RUNTIMES[name].own].includes(header));
        assert.deepEqual([came.status, came.isWhole], [status, true], what);
        if (!answer.isMarkupUnknown) assert.deepEqual(own(pairs(came.rawHeaders)), own(headers), what);
        assert.equal(digest(came.body), digest(body), what);
      }
    });
  });
}

function check(came, comes, what) {
  const { status = 200, headers = {}, isWhole = true, body } = comes === "as in Node" ? { body: expected[SIEMENS] } : comes;
  assert.deepEqual([came.status, came.isWhole], [status, isWhole], what);
  if (body !== undefined) assert.equal(digest(came.body), digest(body), what);
  else assert.ok(came.body.length > 0, what);
  for (const [name, value] of Object.entries(headers)) assert.equal(came.headers[name], value, `${what}: ${name}`);
}

/** What a server says of itself and of the connection. */
const OF_SERVER = ["connection", "date", "keep-alive", "transfer-encoding"];

const headersOf = (headers = {}) => ({ "content-type": "text/html; charset=utf-8", ...headers });

function answerWith(response, { status = 200, headers, body = PAGE }) {
  response.writeHead(status, headersOf(headers)).end(body);
}

/** What a visitor gets whose runtime's `fetch` takes these encodings off. */
function expectation({ status = 200, headers, body = PAGE }, method, unpacks) {
  const { "content-encoding": encoding, ...others } = headersOf(headers);
  const isUnpacked = unpacks.includes(encoding);
  const { "content-length": length, ...plain } = others;
  const left = isUnpacked ? plain : headersOf(headers);
  const all = Object.entries(left).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  return { status, headers: all.sort(), body: isUnpacked ? PAGE : Buffer.from(method === "HEAD" || body === null ? "" : body) };
}

function pairs(raw) {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1]]] : [])).sort();
}
