// Whatever fails, the visitor gets the origin's answer: its bytes, its status, and its own failure.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { sampleBytes } from "../../../www/test/sample.mjs";
import { sliceBytes } from "../tag/site.mjs";
import { bodyOf, chunksOf, digest, drain, edge, NOVARTIS, PAGE, pageRequest, pageResponse, SIEMENS, STRANGER } from "./world.mjs";

const { Instance } = WebAssembly;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const { now } = Date;
afterEach(() => {
  WebAssembly.Instance = Instance;
  Date.now = now;
});

const text = async (handle, ip) => (await handle(pageRequest(ip))).text();
const EXPECTED = { [SIEMENS]: await text(edge().handle, SIEMENS), [NOVARTIS]: await text(edge().handle, NOVARTIS) };

/** Instances whose `name` fails at its call number `at`. */
function breakCore(name, at) {
  let calls = 0;
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    const broken = (...given) => {
      calls += 1;
      if (calls === at) throw new WebAssembly.RuntimeError("unreachable");
      return exports[name](...given);
    };
    assert.equal(typeof exports[name], "function", name);
    return { exports: { ...exports, [name]: broken } };
  };
}

test("a core that traps costs the page nothing but its changes, and the next page has them", async () => {
  for (const [name, at] of [["page_new", 1], ["page_room", 2], ["page_begin", 1], ["page_write", 1], ["page_write", 3], ["page_end", 1], ["page_pending", 2], ["core_choose", 1]]) {
    breakCore(name, at);
    const bundle = await Nameplate.load(sampleBytes());
    const { handle, problems } = edge({ bundle, origin: () => pageResponse({ body: bodyOf(chunksOf(PAGE, 1000)).stream }) });
    const came = await text(handle, SIEMENS);
    // What was done before stays done; nothing of the author's is lost.
    if (name === "page_write" && at > 1) assert.ok(came.endsWith(PAGE.subarray(PAGE.length / 2).toString()), name);
    else if (name !== "page_pending" && name !== "page_end") assert.equal(came, PAGE.toString(), name);
    assert.ok(came.endsWith("</html>\n"), name);
    assert.equal(await text(handle, SIEMENS), EXPECTED[SIEMENS], name);
    assert.deepEqual(problems, []);
    bundle.free();
  }
});

test("chunks of any size, and stray tags, change nothing", async () => {
  for (const size of [1, 7, 1000, 1 << 20]) {
    const { handle } = edge({ origin: () => pageResponse({ body: bodyOf(chunksOf(PAGE, size)).stream }) });
    assert.equal(await text(handle, SIEMENS), EXPECTED[SIEMENS], size);
  }
  for (const stray of ["</p>".repeat(50_000), "<div>".repeat(50_000), "<a href='", "<!--", "\0\u{1}", "<".repeat(100_000)]) {
    const body = Buffer.from(`<!doctype html>${stray}${"x".repeat(5 << 20)}`);
    const { handle } = edge({ origin: () => pageResponse({ body }) });
    assert.equal(digest(await text(handle, SIEMENS)), digest(body), stray.slice(0, 20));
  }
});

test("an origin that breaks off: what came is delivered, and then its error", async () => {
  const cut = PAGE.indexOf("</h1>");
  const chunks = chunksOf(PAGE.subarray(0, cut), 100);
  for (const size of [0, 1, chunks.length]) {
    const error = new Error("reset");
    const { handle } = edge({ origin: () => pageResponse({ body: bodyOf(chunks.slice(0, size), error).stream }) });
    const response = await handle(pageRequest());
    assert.equal(response.status, 200);
    const came = await drain(response);
    assert.equal(came.error, error);
    // The headline's own words are whole, as far as they came.
    const end = PAGE.subarray(cut - 20, cut).toString();
    if (size === chunks.length) assert.ok(came.bytes.toString().endsWith(end));
    else assert.equal(came.bytes.length, size * 100);
  }
  const { handle } = edge({ origin: () => Promise.reject(new Error("no origin")) });
  await assert.rejects(handle(pageRequest()), /no origin/);
  const packed = edge({ origin: () => pageResponse({ body: bodyOf([Uint8Array.of(0x1f)], new Error("reset")).stream, headers: { "content-encoding": "gzip" } }) });
  assert.equal((await drain(await packed.handle(pageRequest()))).error.message, "reset");
});

test("a page of a known length comes whole: in one piece or several, whatever was said of its length, and when its origin breaks off", async () => {
  const said = (length) => ({ "content-length": String(length) });
  for (const [size, length] of [[PAGE.length, PAGE.length], [1000, PAGE.length], [PAGE.length, PAGE.length - 1], [1000, 1000], [1000, 2000], [PAGE.length, 1 << 16], [PAGE.length, "none"], [PAGE.length, -1]]) {
    const { handle } = edge({ origin: () => pageResponse({ body: bodyOf(chunksOf(PAGE, size)).stream, headers: said(length) }) });
    assert.equal(await text(handle, SIEMENS), EXPECTED[SIEMENS], `pieces of ${size}, ${length} said`);
  }
  // Those that give as much as they are asked for, as in workerd.
  for (const length of [PAGE.length, PAGE.length - 1, 1, 0, "none", -1, 1e9]) {
    const body = new ReadableStream({ type: "bytes", start: (controller) => (controller.enqueue(new Uint8Array(PAGE)), controller.close()) });
    assert.equal(await text(edge({ origin: () => pageResponse({ body, headers: said(length) }) }).handle, SIEMENS), EXPECTED[SIEMENS], `${length} said`);
  }
  for (const chunks of [[], [PAGE]]) {
    const error = new Error("reset");
    const { handle } = edge({ origin: () => pageResponse({ body: bodyOf(chunks, error).stream, headers: said(PAGE.length) }) });
    const came = await drain(await handle(pageRequest()));
    assert.equal(came.error, error);
    assert.equal(came.bytes.toString(), chunks.length === 0 ? "" : EXPECTED[SIEMENS]);
  }
});

test("workerd is not asked for more than a page's length, when that came by HTTP", async () => {
  const { getReader } = ReadableStream.prototype;
  for (const [address, pieces] of [["", 2], ["https://origin.example/", 1]]) {
    let asked = 0;
    const body = new ReadableStream({ type: "bytes", start: (controller) => (controller.enqueue(new Uint8Array(PAGE)), controller.close()) });
    body.getReader = function (options) {
      const reader = getReader.call(this, options);
      const { read } = reader;
      return Object.assign(reader, { readAtLeast() {}, read: (view) => ((asked += 1), read.call(reader, view)) });
    };
    const response = pageResponse({ headers: { "content-length": String(PAGE.length) } });
    Object.defineProperties(response, { body: { value: body }, url: { value: address } });
    assert.equal(await text(edge({ origin: () => response }).handle, SIEMENS), EXPECTED[SIEMENS], address);
    assert.equal(asked, pieces, address);
  }
});

test("a slot that cannot be told to the core is left to the tag, and the others are not", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const [first, ...others] = nameplate.decide({ ip: SIEMENS }).slots.filter(({ changes }) => changes.length > 0);
  const put = (slots) => {
    const rewriter = nameplate.rewriter({ slots });
    return Buffer.concat([rewriter.write(PAGE), rewriter.end()]).toString();
  };
  const without = put(others);
  assert.notEqual(without, PAGE.toString());
  assert.notEqual(without, put([first, ...others]));
  for (const change of [{ kind: "text", value: "a\u001fb" }, { kind: "attribute", name: "\u001f", value: "a" }, { kind: "another", value: "a" }]) {
    assert.equal(put([{ ...first, changes: [...first.changes, change] }, ...others]), without, change.kind);
  }
});

test("a page is asked for no faster than it is read, and no longer than somebody wants it", async () => {
  const { stream, seen } = bodyOf(chunksOf(PAGE, 100));
  const { handle } = edge({ origin: () => pageResponse({ body: stream }) });
  const response = await handle(pageRequest());
  await pause(20);
  assert.equal(seen.asked, 0);
  const reader = response.body.getReader();
  await reader.read();
  await pause(20);
  const { asked } = seen;
  assert.ok(asked < 10, `asked ${asked} times`);
  await reader.cancel("gone");
  assert.deepEqual(seen, { asked, cancelled: "gone" });
  // Others that are on their way lose nothing.
  assert.equal(await text(edge().handle, SIEMENS), EXPECTED[SIEMENS]);
});

test("one who leaves while the origin is silent leaves the pages of others alone", async () => {
  const { handle } = edge();
  let go;
  const slow = new ReadableStream({ pull: (controller) => new Promise((resolve) => { go = () => (controller.enqueue(new Uint8Array(PAGE)), controller.close(), resolve()); }) }, { highWaterMark: 0 });
  const others = edge({ origin: () => pageResponse({ body: slow }) });
  const silent = edge({ origin: () => pageResponse({ body: new ReadableStream({}) }) });
  const waiting = text(others.handle, SIEMENS);
  const reader = (await silent.handle(pageRequest())).body.getReader();
  const read = reader.read();
  await reader.cancel();
  await read;
  await pause(5);
  go();
  assert.equal(await waiting, EXPECTED[SIEMENS]);
  assert.equal(await text(handle, NOVARTIS), EXPECTED[NOVARTIS]);
});

test("what a page took in the core is given back when nobody wants the rest", async () => {
  let open = 0;
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    const count = (name, by) => (...given) => ((open += by), exports[name](...given));
    return { exports: { ...exports, page_new: count("page_new", 1), __wbg_page_free: count("__wbg_page_free", -1) } };
  };
  const bundle = await Nameplate.load(sampleBytes());
  const { handle } = edge({ bundle, origin: () => pageResponse({ body: bodyOf(chunksOf(PAGE, 100)).stream }) });
  const reader = (await handle(pageRequest())).body.getReader();
  await reader.read();
  assert.equal(open, 1);
  await reader.cancel();
  assert.equal(open, 0);
});

test("pages that follow each other take one page's room in the core", async () => {
  const made = [];
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    return { exports: { ...exports, page_new: () => (made.push("page"), exports.page_new()) } };
  };
  const { handle } = edge({ bundle: await Nameplate.load(sampleBytes()) });
  for (const ip of [SIEMENS, NOVARTIS, SIEMENS]) assert.equal(await text(handle, ip), EXPECTED[ip]);
  assert.deepEqual(made, ["page"]);
});

test("a chunk is the caller's again when it was taken, whatever fails later", async () => {
  breakCore("page_write", 2);
  const nameplate = await Nameplate.load(sampleBytes());
  const rewriter = nameplate.rewriter(nameplate.decide({ ip: SIEMENS }));
  const parts = [];
  for (const part of ["<!doctype html><b title='", "a'>b</b>"]) {
    const chunk = new TextEncoder().encode(part);
    parts.push(Buffer.from(rewriter.write(chunk)).toString());
    chunk.fill(0);
  }
  assert.deepEqual([...parts, rewriter.end().length], ["<!doctype html>", "<b title='a'>b</b>", 0]);
});

test("a bundle that comes after a later one is not taken", async () => {
  let time = 1_790_000_000_000;
  Date.now = () => time;
  const loads = [];
  const { handle, problems } = edge({ bundle: () => new Promise((resolve) => loads.push(resolve)) });
  for (; loads.length < 2; time += 2_000) await text(handle, SIEMENS);
  loads[1](sampleBytes());
  for (let tries = 0; tries < 100 && (await text(handle, SIEMENS)) !== EXPECTED[SIEMENS]; tries += 1) await pause(10);
  loads[0](sliceBytes("--stranger"));
  await pause(50);
  assert.equal(await text(handle, SIEMENS), EXPECTED[SIEMENS]);
  assert.deepEqual(problems, []);
});

test("pages of several accounts and strangers that are on their way together do not mix", async () => {
  const { handle } = edge({ origin: () => pageResponse({ body: bodyOf(chunksOf(PAGE, 97)).stream }) });
  const whom = [SIEMENS, NOVARTIS, STRANGER];
  const alone = await Promise.all(whom.map((ip) => text(edge().handle, ip)));
  assert.equal(new Set(alone).size, 3);
  const readers = await Promise.all(Array.from({ length: 60 }, async (_, index) => (await handle(pageRequest(whom[index % 3]))).body.getReader()));
  const pages = readers.map(() => []);
  const open = new Set(readers.keys());
  while (open.size > 0) {
    for (const index of open) {
      const { done, value } = await readers[index].read();
      if (done) open.delete(index);
      else pages[index].push(value);
    }
  }
  pages.forEach((chunks, index) => assert.equal(Buffer.concat(chunks).toString(), alone[index % 3]));
});

test("a bundle that is missing, bad, late or throws leaves the page as it is, and says so", async () => {
  const headers = { etag: '"v1"' };
  for (const [bundle, problem] of [
    [() => new Uint8Array(10), /./],
    [() => sampleBytes().fill(7, 1000, 1010), /checksum|sha|digest|corrupt|damage|expected/i],
    [() => undefined, /expected bytes, a response, or an address/],
    [() => Promise.reject(new Error("no such key")), /no such key/],
    [() => { throw new Error("thrown"); }, /thrown/],
    [() => new Promise(() => {}), null],
  ]) {
    const { handle, problems } = edge({ bundle, origin: () => pageResponse({ headers }) });
    const response = await handle(pageRequest());
    assert.equal(response.headers.get("etag"), '"v1"');
    assert.equal(digest(await response.text()), digest(PAGE));
    for (let tries = 0; problem !== null && problems.length === 0 && tries < 100; tries += 1) await pause(10);
    if (problem === null) assert.deepEqual(problems, []);
    else assert.match(problems.join(), problem);
  }
  const { handle, problems } = edge({ clientAddress: () => { throw new Error("no socket"); } });
  assert.equal(digest(await text(handle, SIEMENS)), digest(PAGE));
  assert.deepEqual(problems, ["no socket"]);
});

test("a new bundle takes over between two pages; a bad one leaves the last good one", async () => {
  let time = 1_790_000_000_000;
  Date.now = () => time;
  const expected = await text(edge().handle, SIEMENS);
  let next = sampleBytes();
  const asked = [];
  const { handle, problems } = edge({ bundle: (...rest) => (asked.push(rest), next), refreshSeconds: 10 });
  const come = async () => {
    const response = await handle(pageRequest(), "env", "context");
    await pause(30);
    return response.text();
  };
  // A page does not wait long for the first.
  for (let tries = 0; tries < 100 && (await come()) !== expected; tries += 1);
  assert.equal(await come(), expected);
  next = new Uint8Array(5);
  await come();
  assert.equal(asked.length, 1);
  time += 10_000;
  assert.equal(await come(), expected);
  for (let tries = 0; problems.length === 0 && tries < 1_000; tries += 1) await pause(30);
  assert.equal(await come(), expected);
  assert.deepEqual([asked.length, problems.length], [2, 1]);
  assert.deepEqual(asked[1], ["env", "context"]);
  // The clock goes back: it is asked again, and not in a year.
  next = sampleBytes();
  time = 1_790_000_000_000;
  assert.equal(await come(), expected);
  assert.deepEqual([asked.length, problems.length], [3, 1]);
});

test("in 1970 a page comes, without what has a schedule", async () => {
  Date.now = () => 0;
  assert.match(await text(edge().handle, SIEMENS), /You build the controls/);
});

test("no address is in what goes out", async () => {
  const { handle, problems } = edge({ bundle: { decide: (visit) => visit.none.such } });
  const failed = await handle(pageRequest());
  const response = await edge().handle(pageRequest());
  const all = [await failed.text(), JSON.stringify([...response.headers]), await response.text(), ...problems].join();
  assert.equal(problems.length, 1);
  assert.ok(!all.includes(SIEMENS));
});
