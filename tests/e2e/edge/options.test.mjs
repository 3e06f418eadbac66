// Options that cannot be meant are told when a site is set up: its visitors would only get their pages untouched.

import assert from "node:assert/strict";
import { test } from "node:test";
import { middleware } from "../../../www/dist/lib/edge-node.js";
import { personalise } from "../../../www/dist/lib/edge.js";

const GOOD = {
  bundle: async () => new Uint8Array(),
  origin: () => new Response("page"),
  clientAddress: "cf-connecting-ip",
};

test("what is missing, unknown or of another kind is named, with what was expected, and no value", () => {
  const cases = [
    [{ origin: undefined }, /^expected the option `origin`: a function$/],
    [{ bundle: undefined }, /^expected the option `bundle`: an open bundle, the address of one, or a function that loads it$/],
    [{ clientAddress: undefined }, /^expected the option `clientAddress`/],
    [{ refreshSecond: 5 }, /^no option `refreshSecond`; there are bundle, clientAddress, .*refreshSeconds, .*origin/],
    [{ refreshSeconds: "5" }, /^expected `refreshSeconds` to be a number of seconds, 0 or more, found a value of type string$/],
    [{ refreshSeconds: Number.NaN }, /^expected `refreshSeconds`/],
    [{ np: true }, /^expected `np` to be an object, found a value of type boolean$/],
    [{ np: { file: () => null } }, /^no option `np.file`; there are files, events, sign, key$/],
    [{ np: { key: 4711 } }, /^expected `np.key` to be a text or a function, found a value of type number$/],
    [{ nat64: "64:ff9b::/96" }, /^expected `nat64` to be a list of prefixes, found a value of type string$/],
    [{ cache: {} }, /^expected `cache` to be a cache or a function/],
    [{ database: [null] }, /^expected `database` to be a database, `{ from, open }`, a list of them, or a function that loads them, found a list$/],
    [{ tokenKey: null }, /^expected `tokenKey` to be a text or a function, found null$/],
    [{ toString: 1 }, /^no option `toString`/],
  ];
  for (const [wrong, message] of cases) {
    assert.throws(() => personalise({ ...GOOD, ...wrong }), (error) => error instanceof Error && message.test(error.message), JSON.stringify(wrong));
  }
});

test("what may be given is taken, and what is `undefined` counts as not given", () => {
  const database = { described: (visit) => visit };
  const given = { nat64: ["64:ff9b::/96"], database: [database, { from: "https://edge.example/a.mmdb", open: () => database }], np: { files: () => null, sign: "x", key: () => "x" }, serverTiming: false, refreshSeconds: 0 };
  for (const options of [{}, given, { database }, { cache: undefined, np: undefined }, { bundle: new URL("https://edge.example/site.npb") }]) {
    assert.equal(typeof personalise({ ...GOOD, ...options }), "function");
  }
  const { origin: _, ...rest } = GOOD;
  assert.equal(typeof middleware(rest), "function");
});
