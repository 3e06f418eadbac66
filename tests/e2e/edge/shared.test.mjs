// One copy of a page for all who see the same: what is kept, for whom, and what never is.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { bytes, HTML, nameplate, ofTier, STRANGERS, visitors } from "./cohorts.mjs";
import { bodyOf, chunksOf, drain, edge, pageRequest } from "./world.mjs";

const { Instance } = WebAssembly;
afterEach(() => {
  WebAssembly.Instance = Instance;
});

const PUBLIC = { "content-type": "text/html", "cache-control": "public, max-age=600" };
const [SECOND, ALSO_SECOND, THIRD, FIRST] = [ofTier(2), ofTier(2, 1), ofTier(3), ofTier(1)];

/** A handler with a cache, `kept` by address, and an origin that `asked` counts. */
function keeping(options = {}) {
  const kept = new Map();
  const works = [];
  const asked = [];
  const cache = {
    match: async ({ url }) => kept.get(url)?.clone(),
    put: async (request, response) => void kept.set(request.url, response),
  };
  const { answer = () => new Response(HTML, { headers: PUBLIC }), ...more } = options;
  const origin = (request) => (asked.push(request.url), answer(request));
  const { handle, problems } = edge({ bundle: nameplate, cache, origin, ...more });
  /** What comes; what is kept of it is kept by then. */
  const come = async (ip, headers = {}, url = undefined) => {
    const asking = pageRequest(ip, { headers });
    const response = await handle(url === undefined ? asking : new Request(url, asking), { waitUntil: (work) => works.push(work) });
    const came = { status: response.status, headers: response.headers, text: (await drain(response)).bytes.toString() };
    await Promise.all(works.splice(0));
    return came;
  };
  return { come, kept, asked, problems, handle };
}

/** What a visitor sees without a cache. */
const alone = async (ip) => (await keeping({ cache: undefined }).come(ip)).text;

test("those who see the same get one copy, those who do not get their own, and an account's own values are never kept", async () => {
  const { come, kept, asked, problems } = keeping();
  const all = [...visitors().map(({ ip }) => ip), ...STRANGERS];
  for (let rounds = 0; rounds < 3; rounds += 1) {
    for (const ip of all) {
      const { status, headers, text } = await come(ip);
      assert.equal(text, await alone(ip));
      assert.deepEqual([status, headers.get("cache-control"), headers.get("cdn-cache-control")], [200, "private, no-store", "private, no-store"]);
      assert.deepEqual([...headers.keys()].filter((name) => name.startsWith("np-")), []);
    }
  }
  assert.deepEqual(problems, []);
  const firsts = visitors().filter(({ tier }) => tier === 1).length;
  assert.ok(firsts > 5 && all.length - firsts > 20);
  // The two other tiers and strangers.
  assert.equal(asked.length, 3 * firsts + 3);
  assert.equal(kept.size, 3);
  for (const copy of kept.values()) {
    const text = await copy.clone().text();
    assert.doesNotMatch(text, /Hello|All of/);
    assert.equal(copy.headers.get("cache-control"), "public, max-age=600");
    assert.deepEqual([...copy.headers.keys()].filter((name) => /cdn-|surrogate|cookie|etag/.test(name)), []);
  }
});

test("a slice is one visitor's: a page that others may get carries none, and one that nobody else gets carries his", async () => {
  const html = HTML.replace("</html>", `<script async src="/np/tag.js"></script></html>`);
  assert.notEqual(html, HTML);
  const { come, kept } = keeping({ np: {}, answer: () => new Response(html, { headers: PUBLIC }) });
  for (const ip of [SECOND, ALSO_SECOND, THIRD, FIRST]) assert.equal((await come(ip)).text.includes("np-slice"), ip === FIRST);
  assert.equal(kept.size, 2);
});

test("only what the origin lets everybody keep is kept, and no longer", async () => {
  for (const [headers, seconds] of [
    [{ "cache-control": "public, max-age=60" }, 60],
    [{ "cache-control": "Public , Max-Age = 60" }, 60],
    [{ "cache-control": "max-age=5, public, s-maxage=60" }, 60],
    [{ "cache-control": "s-maxage=60" }, 60],
    [{ "cache-control": 'public, max-age="60"' }, 60],
    [{ "cache-control": "public, max-age=60", age: "20" }, 40],
    [{ "cache-control": "public, max-age=60", vary: "Accept-Encoding" }, 60],
    [{ "cache-control": "public, max-age=60, must-revalidate" }, 60],
    [{}, 0],
    [{ "cache-control": "max-age=60" }, 0],
    [{ "cache-control": "public" }, 0],
    [{ "cache-control": "public, max-age=0" }, 0],
    [{ "cache-control": "public, max-age=60, s-maxage=0" }, 0],
    [{ "cache-control": "public, max-age=-1" }, 0],
    [{ "cache-control": "public, max-age=sixty" }, 0],
    [{ "cache-control": "x-public, max-age=60" }, 0],
    [{ "cache-control": "public, x-max-age=60" }, 0],
    [{ "cache-control": "public, max-age=60", age: "60" }, 0],
    [{ "cache-control": "public, max-age=60", age: "old" }, 0],
    [{ "cache-control": "public, max-age=60, private" }, 0],
    [{ "cache-control": "public, max-age=60, no-store" }, 0],
    [{ "cache-control": "public, max-age=60, No-Cache" }, 0],
    [{ "cache-control": 'public, max-age=60, private="x-a"' }, 0],
    [{ "cache-control": 'public, max-age=60, no-cache="set-cookie"' }, 0],
    [{ "cache-control": "public, max-age=60, must-understand" }, 0],
    [{ "cache-control": "public, max-age=60", "cdn-cache-control": "no-store" }, 0],
    [{ "cache-control": "public, max-age=60", "cloudflare-cdn-cache-control": "private" }, 0],
    [{ "cache-control": "public, max-age=60", "surrogate-control": "no-store" }, 0],
    [{ "cache-control": "public, max-age=60", "set-cookie": "a=1" }, 0],
    [{ "cache-control": "public, max-age=60", vary: "*" }, 0],
    [{ "cache-control": "public, max-age=60", vary: "accept, *" }, 0],
    [{ expires: "Wed, 01 Jan 2125 00:00:00 GMT" }, 0],
  ]) {
    const { come, kept, problems } = keeping({ answer: () => new Response(HTML, { headers: { "content-type": "text/html", ...headers } }) });
    assert.equal((await come(SECOND)).text, await alone(SECOND));
    const found = [...kept.values()].map((copy) => copy.headers.get("cache-control"));
    assert.deepEqual(found, seconds === 0 ? [] : [`public, max-age=${seconds}`], JSON.stringify(headers));
    assert.deepEqual(problems, []);
  }
});

test("a cache that keeps for ever, as the web's standard has it, hands out nothing old", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const { come, asked } = keeping();
  for (const [seconds, count] of [[0, 1], [599, 1], [1, 2], [599, 2], [1, 3]]) {
    context.mock.timers.tick(seconds * 1_000);
    assert.equal((await come(SECOND)).text, await alone(SECOND));
    assert.equal(asked.length, count, `${seconds}`);
  }
});

test("by what the origin says its answer varies, copies differ", async () => {
  const { come, asked } = keeping({
    answer: ({ headers }) => new Response(HTML.replace("One screen", `In ${headers.get("x-in")}`).replace("For all", `For ${headers.get("x-in")}`), { headers: { ...PUBLIC, vary: "Accept-Encoding, X-In, Next-Router" } }),
  });
  const see = async (ip, tongue) => {
    const { headers, text } = await come(ip, { "x-in": tongue });
    assert.equal(headers.get("vary"), "Accept-Encoding, X-In, Next-Router");
    return /(?:In|For) (\w\w)\b/.exec(text)[1];
  };
  for (const [ip, tongue, count] of [[SECOND, "de", 1], [ALSO_SECOND, "de", 1], [SECOND, "fr", 2], [ALSO_SECOND, "fr", 2], [SECOND, "de", 3], [THIRD, "de", 4]]) {
    assert.equal(await see(ip, tongue), tongue);
    assert.equal(asked.length, count);
  }
});

test("nothing is kept of a page that has not come whole, or that the core has failed in", async () => {
  const chunks = () => chunksOf(Buffer.from(HTML), 100);
  const cut = keeping({ answer: () => new Response(bodyOf(chunks().slice(0, 3), new Error("reset")).stream, { headers: PUBLIC }) });
  await cut.come(SECOND);
  assert.equal(cut.kept.size, 0);

  const left = keeping({ answer: () => new Response(bodyOf(chunks()).stream, { headers: PUBLIC }) });
  const works = [];
  const reader = (await left.handle(pageRequest(SECOND), { waitUntil: (work) => works.push(work) })).body.getReader();
  await reader.read();
  await reader.cancel();
  await Promise.all(works);
  assert.deepEqual([left.kept.size, works.length], [0, 1]);

  const long = keeping({ answer: () => new Response(HTML + "x".repeat(2 << 20), { headers: PUBLIC }) });
  assert.ok((await long.come(SECOND)).text.endsWith("xxx"));
  assert.equal(long.kept.size, 0);

  for (const name of ["page_new", "page_write", "page_end"]) {
    WebAssembly.Instance = function (module, imports) {
      const { exports } = new Instance(module, imports);
      return { exports: { ...exports, [name]: () => { throw new WebAssembly.RuntimeError("unreachable"); } } };
    };
    const failing = keeping({ bundle: await Nameplate.load(bytes) });
    await failing.come(SECOND);
    assert.equal(failing.kept.size, 0, name);
  }
});

test("who says who he is gets no copy, and leaves none", async () => {
  const { come, kept, asked } = keeping();
  await come(SECOND, { authorization: "Basic YTpi" });
  assert.equal(kept.size, 0);
  await come(SECOND);
  await come(SECOND, { authorization: "Basic YTpi" });
  assert.deepEqual([kept.size, asked.length], [1, 3]);
});

test("what others have put into the cache is given to nobody, and no address leads to another's copy", async () => {
  const { come, kept, asked } = keeping();
  await come(SECOND);
  const [key] = kept.keys();
  // As a stranger may ask, if he knew the cohort of others.
  assert.equal((await come(STRANGERS[0], {}, key)).text, await alone(STRANGERS[0]));
  assert.deepEqual([kept.size, asked.length], [2, 2]);
  kept.set(key, new Response(HTML, { headers: PUBLIC }));
  assert.equal((await come(SECOND)).text, await alone(SECOND));
  assert.equal(asked.length, 3);
  const urls = ["https://www.tidewater.example/?a=%20", "https://www.tidewater.example/?a=+", "https://www.tidewater.example/?", "https://tidewater.example/"];
  for (const url of urls) await come(SECOND, {}, url);
  assert.equal(asked.length, 3 + urls.length);
});

test("a cache that is slow, full or broken holds no page up", async () => {
  const broken = () => Promise.reject(new Error("no cache"));
  for (const [cache, problems] of [
    [{ match: () => new Promise(() => {}), put: async () => {} }, 0],
    [{ match: async () => undefined, put: broken }, 1],
    [{ match: broken, put: broken }, 2],
    [broken, 2],
    [() => { throw new Error("no cache"); }, 2],
    [async () => ({ match: async () => undefined, put: async () => {} }), 0],
  ]) {
    const found = keeping({ cache });
    assert.equal((await found.come(SECOND)).text, await alone(SECOND));
    assert.deepEqual(found.problems, new Array(problems).fill("no cache"));
  }
});

test("how long a changed page was held up is said where that is asked for", async () => {
  const timings = async (options, ip, count = 1) => {
    const { come } = keeping({ answer: () => new Response(HTML, { headers: { ...PUBLIC, "server-timing": "db;dur=5" } }), ...options });
    let found;
    for (let times = 0; times < count; times += 1) found = (await come(ip)).headers.get("server-timing");
    return found;
  };
  assert.equal(await timings({}, FIRST), "db;dur=5");
  for (const [ip, count] of [[FIRST, 1], [SECOND, 2]]) assert.match(await timings({ serverTiming: true }, ip, count), /^db;dur=5, np;dur=\d+\.\d$/);
  const plain = { ...nameplate, decide: () => ({ slots: [], cohort: null }) };
  assert.equal(await timings({ serverTiming: true, bundle: plain }, FIRST), "db;dur=5");
});
