// Where bundles come from: asked for again and again, taken only when they are new and good, and used as long as somebody answers for them.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { sampleBytes } from "../../../www/test/sample.mjs";
import { DAY, newKey, seal } from "../../../www/test/signer.mjs";
import { edge, nameplate, PAGE, pageRequest } from "./world.mjs";

const START = 1_790_000_000;
const { Instance } = WebAssembly;
const realNow = Date.now;
const sample = sampleBytes();
const PERSONAL = await (await edge().handle(pageRequest())).text();

let now = START;
let opened = 0;
let server;
let address;
/** What the server answers next, and what it was asked with. */
let answer;
let asked;

before(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers["if-none-match"]);
    answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${server.address().port}/site.npb`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  [now, opened, asked] = [START, 0, []];
  Date.now = () => now * 1_000;
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    return { exports: { ...exports, core_new: (...given) => ((opened += 1), exports.core_new(...given)) } };
  };
});

afterEach(() => {
  Date.now = realNow;
  WebAssembly.Instance = Instance;
});

/** A handler whose loads can be waited for, as a Worker's runtime does. */
function loading(options) {
  const works = [];
  const context = { waitUntil: (work) => works.push(work) };
  const { handle, problems } = edge({ refreshSeconds: 60, ...options });
  /** What a page is; what was asked for meanwhile has come. */
  const come = async () => {
    const text = await (await handle(pageRequest(), "env", context)).text();
    await Promise.all(works.splice(0));
    return text;
  };
  /** The same a minute later. */
  const later = async (seconds = 60) => ((now += seconds), come());
  return { come, later, problems };
}

const whole = (bytes, etag) => (_, response) => response.writeHead(200, { etag }).end(bytes);

test("an address is asked with the version that is in use; nothing is sent, and nothing opened, where that is the last one", async () => {
  answer = (request, response) => (request.headers["if-none-match"] === '"1"' ? response.writeHead(304).end() : whole(sample, '"1"')(request, response));
  for (const bundle of [address, new URL(address), () => address, () => new Request(address)]) {
    [opened, asked] = [0, []];
    const { come, later, problems } = loading({ bundle });
    await come();
    assert.equal(await come(), PERSONAL);
    for (let minutes = 0; minutes < 3; minutes += 1) assert.equal(await later(), PERSONAL);
    assert.deepEqual([asked, problems], [[undefined, '"1"', '"1"', '"1"'], []]);
    assert.equal(await come(), PERSONAL);
    assert.deepEqual([asked.length, opened], [4, 1]);
  }
});

test("an answer whose version is the one in use is not read, and one with the same bytes is not opened", async () => {
  let etag = '"1"';
  const cancelled = [];
  const given = () => new Response(new ReadableStream({ pull: (controller) => (controller.enqueue(sample), controller.close()), cancel: () => void cancelled.push(etag) }, { highWaterMark: 0 }), { headers: { etag } });
  const { come, later, problems } = loading({ bundle: given });
  await come();
  const before = opened;
  assert.equal(before, 1);
  await later();
  assert.deepEqual(cancelled, ['"1"']);
  etag = '"2"';
  await later();
  assert.deepEqual([cancelled, opened], [['"1"'], 1]);
  // It is the version that is known now.
  await later();
  assert.deepEqual([cancelled, opened, problems], [['"1"', '"2"'], 1, []]);
  const bytes = loading({ bundle: () => Buffer.from(sample) });
  for (let minutes = 0; minutes < 3; minutes += 1) await bytes.later();
  assert.equal(opened, 2);
});

test("what is no bundle, or too long for the edge, is refused, and the last good one stays", async () => {
  const { come, later, problems } = loading({ bundle: address });
  answer = whole(sample, '"1"');
  await come();
  let sent = 0;
  const endless = (_, response) => {
    const more = () => ((sent += 1 << 20), response.write(Buffer.alloc(1 << 20), more));
    response.on("error", () => {}).writeHead(200);
    more();
  };
  for (const [next, problem] of [
    [(_, response) => response.writeHead(404).end("no such page"), /found status 404/],
    [(_, response) => response.writeHead(500).end(), /found status 500/],
    [(_, response) => response.writeHead(204).end(), /found status 204/],
    [whole("<!doctype html>", '"2"'), /./],
    [whole(sample.subarray(0, -1), '"2"'), /./],
    [(_, response) => response.writeHead(200, { "content-length": 8 * 2 ** 20 + 1 }).write("N"), /at most 8388608 bytes/],
    [endless, /at most 8388608 bytes/],
    [(_, response) => response.destroy(), /./],
  ]) {
    answer = next;
    assert.equal(await later(), PERSONAL);
    assert.match(problems.join(), problem);
    problems.length = 0;
    assert.equal(await come(), PERSONAL);
  }
  assert.ok(sent < 64 << 20, `${sent} bytes`);
  for (const bundle of [() => new Uint8Array(8 * 2 ** 20 + 1), () => new Response(null, { status: 304 })]) {
    const none = loading({ bundle });
    assert.equal(await none.come(), PAGE.toString());
    assert.match(none.problems.join(), /at most 8388608 bytes|found status 304/);
  }
});

const key = newKey();
const signed = (changes = {}, bytes = sample) => seal(bytes, key, { created: START, expires: START + 30 * DAY, ...changes });
const trusting = (bundle) => loading({ bundle, load: { publicKey: key.publicKey } });

test("a signed bundle is used for 30 days, and after 7 somebody is told, once", async () => {
  const { come, later, problems } = trusting(() => signed());
  await come();
  assert.equal(await later(7 * DAY), PERSONAL);
  assert.deepEqual(problems, []);
  assert.equal(await later(1), PERSONAL);
  assert.equal(await later(20 * DAY), PERSONAL);
  assert.deepEqual(problems, ["the bundle in use was signed more than 7 days ago"]);
  now = START + 30 * DAY;
  assert.equal(await come(), PERSONAL);
  problems.length = 0;
  // Whatever the source says now: nobody answers for it.
  assert.equal(await later(1), PAGE.toString());
  assert.equal(await later(DAY), PAGE.toString());
  assert.deepEqual(problems, ["the signature of the bundle in use has expired: pages stay as their authors wrote them"]);
});

test("an expired bundle is followed by one that is signed anew, and so is a stale one", async () => {
  let next = signed({ expires: START + DAY });
  const { come, later, problems } = trusting(() => next);
  await come();
  assert.equal(await later(DAY), PERSONAL);
  assert.equal(await later(1), PAGE.toString());
  next = signed({ created: now, expires: now + DAY });
  await later();
  assert.equal(await come(), PERSONAL);
  assert.equal(problems.length, 1);
  assert.equal(await later(DAY), PAGE.toString());
  assert.equal(problems.length, 2);
});

test("an open bundle that was handed over expires as well", async () => {
  const { come, problems } = loading({ bundle: { seal: { created: START, expires: START + 60 }, decide: (visit) => nameplate.decide(visit), rewriter: (decision) => nameplate.rewriter(decision) } });
  assert.equal(await come(), PERSONAL);
  now += 61;
  assert.equal(await come(), PAGE.toString());
  assert.equal(problems.length, 1);
});

test("nothing goes back: not to an older one, nor to another with the same counter, another site or another environment", async () => {
  let next = signed({ counter: 7 });
  const { come, later, problems } = trusting(() => next);
  await come();
  for (const [changes, problem] of [
    [{ counter: 6 }, /expected a counter above 7, that of the bundle in use, found 6/],
    [{ site: "Elsewhere" }, /expected a bundle for the site `Tidewater`/],
    [{ environment: "staging", counter: 8 }, /expected a bundle for the environment `production`/],
    [{ expires: START - 1 }, /expired/],
  ]) {
    next = signed(changes);
    assert.equal(await later(), PERSONAL);
    assert.match(problems.join(), problem);
    problems.length = 0;
  }
  next = sample;
  await later();
  assert.match(problems.join(), /expected a signature, found none/);
  problems.length = 0;
  // Signed again it is the same one.
  next = signed({ created: now });
  await later();
  assert.deepEqual(problems, []);
  assert.equal(await come(), PERSONAL);
});

test("a source that is silent holds no page up once there is a bundle, and none for long before", async () => {
  let next = () => new Promise(() => {});
  const { handle, problems } = edge({ bundle: () => next() });
  const text = async () => (await handle(pageRequest())).text();
  assert.equal(await text(), PAGE.toString());
  next = () => sample;
  now += 2;
  for (let tries = 0; (await text()) !== PERSONAL; tries += 1) assert.ok(tries < 1_000);
  next = () => new Promise(() => {});
  for (let minutes = 0; minutes < 3; minutes += 1, now += 60) assert.equal(await text(), PERSONAL);
  assert.deepEqual(problems, []);
});
