// Account tokens at the edge: who shows a good one is known, the origin sees none in an address, a cookie keeps one only where the visitor
// agrees, and who objects is a stranger.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { sampleBytes } from "../../../www/test/sample.mjs";
import { edge, pageRequest, pageResponse, SIEMENS, STRANGER, URL_OF_PAGE } from "./world.mjs";

const KEY = "a-text-that-nobody-guesses";
const NOW = Math.floor(Date.now() / 1_000);
const bundle = await Nameplate.load(sampleBytes());

function token(account, seconds = 3_600, site = "Tidewater", more = "") {
  const said = `${account}.${NOW + seconds}${more}`;
  return `${said}.${createHmac("sha256", KEY).update(`nameplate account token\n${site}\n${said}`).digest("hex")}`;
}

/** A handler with tokens; `asked` are the addresses that the origin was asked for. */
function handler(options = {}) {
  const asked = [];
  const origin = ({ url }) => (asked.push(url), pageResponse());
  const { handle, problems } = edge({ bundle, origin, tokenKey: KEY, np: {}, ...options });
  return { handle, problems, asked };
}

const withToken = (account, ...how) => `${URL_OF_PAGE}?utm_source=x&np=${token(account, ...how)}`;
const cookie = (account, ...how) => ({ headers: { cookie: `a=b; np-token=${token(account, ...how)}; c=d` } });
/** Whose slice is in the page, or nobody's. */
async function whose(response) {
  const slice = /<script[^>]* id="?np-slice"?[^>]*>([^<]*)</.exec(await response.text())?.[1];
  if (slice === undefined) return "the page as it was";
  return (await Nameplate.load(Buffer.from(slice, "base64"))).site().accounts[0]?.id ?? "nobody";
}

test("a good token in the address beats the visitor's own, and the origin sees none", async () => {
  const { handle, problems, asked } = handler();
  assert.equal(await whose(await handle(pageRequest(STRANGER, { url: withToken("novartis") }))), "novartis");
  assert.equal(await whose(await handle(pageRequest(SIEMENS, { url: withToken("novartis") }))), "novartis");
  assert.deepEqual(asked, Array(2).fill(`${URL_OF_PAGE}?utm_source=x`));
  assert.deepEqual(problems, []);
});

test("a token that is not good counts as none, and is taken off all the same", async () => {
  const { handle, asked } = handler();
  for (const url of [withToken("novartis", -60), withToken("novartis", 60, "Other"), withToken("oak"), withToken("novartis").replace("novartis", "basf")]) {
    assert.equal(await whose(await handle(pageRequest(SIEMENS, { url }))), "siemens", url);
    assert.equal(asked.at(-1), `${URL_OF_PAGE}?utm_source=x`);
  }
  // What is no token is the page's own.
  for (const query of ["?np=", "?np=5", "?np=a.b.c", "?NP=x"]) {
    assert.equal(await whose(await handle(pageRequest(SIEMENS, { url: URL_OF_PAGE + query }))), "siemens");
    assert.equal(asked.at(-1), URL_OF_PAGE + query);
  }
});

test("who objects is a stranger whatever he shows", async () => {
  const { handle, asked } = handler({ keepToken: () => true });
  const gpc = { "sec-gpc": "1" };
  const response = await handle(pageRequest(SIEMENS, { url: withToken("novartis"), headers: { ...gpc, ...cookie("basf").headers } }));
  assert.notEqual(await whose(response), "novartis");
  assert.equal(response.headers.get("set-cookie"), null);
  assert.equal(asked.at(-1), `${URL_OF_PAGE}?utm_source=x`);
  const slice = await handle(new Request(`${URL_OF_PAGE}np/slice`, { headers: { ...gpc, "np-token": token("novartis") } }));
  assert.deepEqual((await Nameplate.load(await slice.arrayBuffer())).site().accounts, []);
});

test("a cookie keeps the token only where the visitor agrees, and then takes it out of the address", async () => {
  const kept = handler({ keepToken: () => true });
  const response = await kept.handle(pageRequest(SIEMENS, { url: withToken("novartis") }));
  assert.deepEqual([response.status, response.headers.get("location"), response.headers.get("cache-control")], [302, `${URL_OF_PAGE}?utm_source=x`, "private, no-store"]);
  const [said, ...attributes] = response.headers.get("set-cookie").split("; ");
  assert.equal(said, `np-token=${token("novartis")}`);
  assert.ok(["Path=/", "Secure", "HttpOnly", "SameSite=Lax"].every((attribute) => attributes.includes(attribute)));
  const seconds = Number(/Max-Age=(\d+)/.exec(attributes.join())[1]);
  assert.ok(seconds > 0 && seconds <= 3_600);
  assert.equal(await whose(await kept.handle(pageRequest(SIEMENS, { headers: { cookie: said } }))), "novartis");
  assert.equal(await whose(await kept.handle(pageRequest(SIEMENS, cookie("novartis", -60)))), "siemens");
  // A token that names nobody is not kept.
  assert.equal((await kept.handle(pageRequest(SIEMENS, { url: withToken("oak") }))).status, 200);

  for (const options of [{}, { keepToken: () => false }]) {
    const { handle } = handler(options);
    assert.equal(await whose(await handle(pageRequest(SIEMENS, cookie("novartis")))), "siemens");
    const shown = await handle(pageRequest(SIEMENS, { url: withToken("novartis") }));
    assert.deepEqual([shown.status, shown.headers.get("set-cookie")], [200, null]);
  }
});

test("the tag is told what a good token says of the visitor, in the page or when it asks", async () => {
  const more = [3_600, "Tidewater", ".champion.spring_26"];
  const { handle } = handler({ keepToken: () => true });
  const said = async (response) => /<script id="np-slice"[^>]*>[^ <]*(?: ([^<]*))?</.exec(await response.text())?.[1] ?? null;
  assert.equal(await said(await handle(pageRequest(STRANGER, { url: withToken("novartis", ...more), headers: { "sec-fetch-dest": "iframe" } }))), "champion.spring_26");
  assert.equal(await said(await handle(pageRequest(STRANGER, cookie("novartis", ...more)))), "champion.spring_26");
  assert.equal(await said(await handle(pageRequest(STRANGER, cookie("novartis")))), null);
  const asked = async (headers) => (await handle(new Request(`${URL_OF_PAGE}np/slice`, { headers }))).headers.get("np-told");
  assert.equal(await asked({ "np-token": token("novartis", ...more) }), "champion.spring_26");
  assert.equal(await asked(cookie("novartis", ...more).headers), "champion.spring_26");
  assert.equal(await asked({ "np-token": token("novartis", -60, "Tidewater", ".champion.") }), null);
  assert.equal(await asked({ "np-token": token("novartis", ...more), "sec-gpc": "1" }), null);
});

test("the tag asks with a token or the cookie, and gets the slice of its account", async () => {
  const { handle } = handler({ keepToken: () => true });
  const asked = async (headers) => {
    const of = { "cf-connecting-ip": SIEMENS, ...headers };
    const slice = await (await handle(new Request(`${URL_OF_PAGE}np/slice`, { headers: of }))).arrayBuffer();
    const decided = await (await handle(new Request(`${URL_OF_PAGE}np/decide`, { method: "POST", headers: of, body: "{}" }))).json();
    const { accounts } = (await Nameplate.load(slice)).site();
    assert.equal(decided.account?.id, accounts[0]?.id);
    return accounts[0]?.id;
  };
  assert.equal(await asked({}), "siemens");
  assert.equal(await asked({ "np-token": token("novartis") }), "novartis");
  assert.equal(await asked({ "np-token": token("novartis", -60) }), "siemens");
  assert.equal(await asked(cookie("basf").headers), "basf");
  const body = JSON.stringify({ emailDomain: "siemens.com" });
  assert.equal((await handle(new Request(`${URL_OF_PAGE}np/decide`, { method: "POST", body }))).status, 403);
});

test("without a key nothing of this is there, and a key that is too short is reported while pages go on", async () => {
  const without = handler({ tokenKey: undefined, bundle: await Nameplate.load(sampleBytes()) });
  assert.equal(await whose(await without.handle(pageRequest(SIEMENS, { url: withToken("novartis") }))), "siemens");
  assert.equal(without.asked.at(-1), withToken("novartis"));
  const short = handler({ tokenKey: () => "short", bundle: await Nameplate.load(sampleBytes()) });
  assert.equal(await whose(await short.handle(pageRequest(SIEMENS, { url: withToken("novartis") }))), "siemens");
  assert.match(short.problems[0], /at least 16 bytes/);
});
