// What a browser remembers of a person, and what it does where it cannot.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./tag-module.mjs";

const { Counter, Store, countVisit, merge } = await load(
  'export * from "./tag/visits.ts"; export * from "./tag/storage.ts"; export { merge } from "./tag/facts.ts"',
);

const NOW = 1_790_000_000;
const DAY = 86_400;
const ID = "0123456789abcdef0123456789abcdef";
const kept = { id: ID, visits: 3, first: NOW - 40 * DAY, last: NOW - 60, before: NOW - 9 * DAY };
const count = (kept, now = NOW) => countVisit(kept, now, () => "new");

test("the first visit is 1", () => {
  assert.deepEqual(count(null), { id: "new", visits: 1, first: NOW, last: NOW, before: null });
});

test("a page within half an hour belongs to the same visit", () => {
  assert.deepEqual(count(kept), { ...kept, last: NOW });
  assert.deepEqual(count({ ...kept, last: NOW - 1799 }), { ...kept, last: NOW });
});

test("after half an hour it is another visit, and the one before is known", () => {
  assert.deepEqual(count({ ...kept, last: NOW - 1800 }), { ...kept, visits: 4, last: NOW, before: NOW - 1800 });
});

test("after thirteen months nobody is known any more", () => {
  assert.equal(count({ ...kept, first: NOW - 395 * DAY }).id, ID);
  assert.equal(count({ ...kept, first: NOW - 395 * DAY - 1 }).id, "new");
});

test("a clock that was wrong makes no visit", () => {
  assert.deepEqual(count({ ...kept, last: NOW + 400 * DAY }), { ...kept, last: NOW });
});

test("what somebody else has written is nobody", () => {
  const wrong = [7, "x", [], {}, { ...kept, id: "alder" }, { ...kept, visits: 0 }, { ...kept, visits: 1.5 }, { ...kept, first: -1 }, { ...kept, last: "1" }];
  for (const value of wrong) assert.equal(count(value).id, "new", JSON.stringify(value));
});

/** A window whose storage is a map. `broken` throws as a full or blocked one does. */
function fakeWindow(broken = {}) {
  const values = new Map();
  const storage = {
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      if (broken.full) throw new DOMException("full", "QuotaExceededError");
      values.set(key, value);
      storage[key] = value;
    },
    removeItem(key) {
      values.delete(key);
      delete storage[key];
    },
  };
  return {
    values,
    get localStorage() {
      if (broken.blocked) throw new DOMException("blocked", "SecurityError");
      return storage;
    },
  };
}

test("without consent nothing is written and nothing is read", () => {
  const window = fakeWindow();
  window.localStorage.setItem("nameplate:1:x", "1");
  const store = new Store(window, () => false);
  store.write("y", 1);
  assert.equal(store.read("x"), null);
  assert.deepEqual([...window.values.keys()], ["nameplate:1:x"]);
});

test("when consent ends all of ours is gone and all of the page's stays", () => {
  const window = fakeWindow();
  window.localStorage.setItem("cart", "1");
  new Store(window, () => true).write("x", { a: 1 });
  assert.equal(window.values.size, 2);
  new Store(window, () => false).clear();
  assert.deepEqual([...window.values.keys()], ["cart"]);
});

test("storage that is full, blocked, foreign or too long is ordinary", () => {
  for (const broken of [{ full: true }, { blocked: true }]) {
    const store = new Store(fakeWindow(broken), () => true);
    store.write("x", 1);
    assert.equal(store.read("x"), null);
    store.clear();
  }
  const window = fakeWindow();
  const store = new Store(window, () => true);
  window.values.set("nameplate:1:x", "{");
  assert.equal(store.read("x"), null);
  store.write("x", "y".repeat(100_000));
  assert.equal(window.values.get("nameplate:1:x"), "{");
});

test("a pseudonym stays for the page where it cannot be kept", () => {
  const counter = new Counter(new Store(fakeWindow({ full: true }), () => true));
  const { id } = counter.count(NOW, true);
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(counter.count(NOW + 5, true).id, id);
  counter.forget();
  assert.notEqual(counter.count(NOW + 5, true).id, id);
});

test("a page that is prerendered is no visit yet", () => {
  const window = fakeWindow();
  const counter = new Counter(new Store(window, () => true));
  counter.count(NOW, false);
  assert.equal(window.values.size, 0);
  counter.count(NOW, true);
  assert.equal(window.values.size, 1);
});

test("a page tells what it likes, within limits, and takes it back", () => {
  const facts = { __proto__: null };
  merge(facts, { role: "champion", plan: "pro", seats: 12, trial: true, note: "x".repeat(300), "a-b": 1, nothing: undefined, list: [1], nan: Number.NaN });
  assert.deepEqual({ ...facts }, { role: "champion", plan: "pro", seats: 12, trial: true, note: "x".repeat(200) });
  merge(facts, { plan: null, ["__proto__"]: { polluted: 1 }, constructor: "c" });
  assert.equal(facts.plan, undefined);
  assert.equal({}.polluted, undefined);
  merge(facts, Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, n])));
  assert.equal(Object.keys(facts).length, 32);
});
