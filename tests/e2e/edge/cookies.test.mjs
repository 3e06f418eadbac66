// Cookies that rules read, at the edge: which of a request's are read, for whom, and that nobody gets a page that another's cookie chose.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { cookieBytes } from "../../../www/test/jar.mjs";
import { edge, file, pageRequest, pageResponse } from "./world.mjs";

const bundle = await Nameplate.load(cookieBytes());
const BODY = "<!doctype html><title>A page</title><h1>Welcome</h1>";
const SECRET = "a-secret-of-the-visitor";
const agrees = ({ headers }) => /consent=yes/.test(headers.get("cookie") ?? "");

function handler(options = {}) {
  const { handle, problems } = edge({ bundle, origin: () => pageResponse({ body: BODY, headers: { "cache-control": "public, max-age=600" } }), readCookies: agrees, ...options });
  const title = async (cookie, headers = {}) => {
    const response = await handle(pageRequest("91.0.0.1", { headers: { cookie, ...headers } }));
    return /<h1[^>]*>([^<]*)</.exec(await response.text())[1];
  };
  return { handle, problems, title };
}

test("a page is chosen by the cookies that may be read", async () => {
  const { title, problems } = handler();
  const cases = [
    [null, "Welcome"],
    ["", "Welcome"],
    ["__Host-plan=pro", "For those who pay"],
    ['a=b;  __Host-plan="pro" ; c', "For those who pay"],
    ["__Host-plan=free; __Host-plan=pro", "Welcome"],
    ["__host-plan=pro; x__Host-plan=pro; __Host-plan=Pro", "Welcome"],
    ["__Host-plan=%70ro", "Welcome"],
    ["region=eu", "Welcome"],
    ["region=eu; consent=yes", "For Europe"],
    ["region=eu; consent=yes; __Host-plan=pro", "For those who pay"],
  ];
  for (const [cookie, expect] of cases) assert.equal(await title(cookie), expect, cookie);
  // Who objects has agreed to nothing; what the site needs it reads all the same.
  assert.equal(await title("region=eu; consent=yes", { "sec-gpc": "1" }), "Welcome");
  assert.equal(await title("__Host-plan=pro", { "sec-gpc": "1" }), "For those who pay");
  assert.equal(await handler({ readCookies: undefined }).title("region=eu; consent=yes"), "Welcome");
  assert.deepEqual(problems, []);
});

test("a cache that many share keeps a copy for all who see the same, and nobody's cookie", async () => {
  const kept = new Map();
  const cache = { match: async ({ url }) => kept.get(url)?.clone(), put: async (request, response) => void kept.set(request.url, response) };
  const works = [];
  const { handle } = handler({ cache });
  const come = async (cookie) => {
    const response = await handle(pageRequest("91.0.0.1", { headers: { cookie } }), { waitUntil: (work) => works.push(work) });
    const text = await response.text();
    await Promise.all(works.splice(0));
    // What is not changed is the origin's, and everybody's.
    assert.equal(response.headers.get("cache-control"), text === BODY ? "public, max-age=600" : "private, no-store");
    return /<h1[^>]*>([^<]*)</.exec(text)[1];
  };
  for (let round = 0; round < 3; round += 1) {
    assert.equal(await come("region=eu; consent=yes"), "For Europe");
    assert.equal(await come(`region=uk; consent=yes; other=${SECRET}`), "For Europe");
    assert.equal(await come("__Host-plan=pro"), "For those who pay");
    assert.equal(await come(`__Host-plan=${SECRET}; region=eu`), "Welcome");
  }
  assert.equal(kept.size, 2);
  for (const [url, copy] of kept) assert.ok(![url, JSON.stringify([...copy.headers]), await copy.clone().text()].join().includes(SECRET));
});

test("below /np/ a decision reads the request's cookies, unless the page names some, and tells none", async () => {
  const { handle, problems } = handler({ np: { files: file } });
  const decide = async (cookie, visitor) => {
    const body = JSON.stringify({ url: "https://www.tidewater.example/", ...(visitor && { visitor }) });
    const response = await handle(new Request("https://www.tidewater.example/np/decide", { method: "POST", body, headers: { cookie } }));
    const text = await response.text();
    assert.ok(!text.includes(SECRET), text);
    return [response.status, JSON.parse(text).slots?.[0]?.experience ?? null];
  };
  assert.deepEqual(await decide("region=eu"), [200, null]);
  assert.deepEqual(await decide("region=eu; consent=yes"), [200, "region"]);
  assert.deepEqual(await decide(`__Host-plan=${SECRET}`), [200, null]);
  assert.deepEqual(await decide("region=eu; consent=yes", { cookies: { "__Host-plan": "pro" } }), [200, "plan"]);
  assert.deepEqual(await decide("region=eu; consent=yes", { cookies: {} }), [200, null]);
  assert.deepEqual(await decide("", { cookies: { region: 3 } }), [400, null]);
  const slice = await handle(new Request("https://www.tidewater.example/np/slice", { headers: { cookie: `__Host-plan=${SECRET}` } }));
  assert.ok(!Buffer.from(await slice.arrayBuffer()).includes(SECRET));
  assert.deepEqual(problems, []);
});
