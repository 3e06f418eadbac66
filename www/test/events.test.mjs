// The queue of events: how large batches are, what waits, and what time counts.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { load } from "./tag-module.mjs";

const { Engagement, Queue, batchesOf } = await load('export * from "./tag/events.ts"; export * from "./tag/engagement.ts"');

const event = (number, more = {}) => ({ id: `v-${number}`, type: "click", ...more });
const numbers = (count) => Array.from({ length: count }, (_, number) => number);

test("a batch is at most 60,000 bytes and 250 events, and none is lost", () => {
  for (const [count, text] of [[0, ""], [1, ""], [250, ""], [251, ""], [900, "x".repeat(500)], [90, "\u{1f600}".repeat(400)]]) {
    const events = numbers(count).map((number) => event(number, { text }));
    const batches = batchesOf(events);
    for (const { body, events } of batches) {
      assert.ok(Buffer.byteLength(body) <= 60_000 && events.length <= 250);
      assert.deepEqual(JSON.parse(body), events);
    }
    assert.deepEqual(batches.flatMap(({ events }) => events), events);
  }
});

test("an event that no batch can hold takes no other with it", () => {
  const batches = batchesOf([event(1), event(2, { text: "x".repeat(60_000) }), event(3)]);
  assert.deepEqual(batches.map(({ events }) => events.map(({ id }) => id)), [["v-1", "v-3"]]);
});

/** A browser that takes beacons, or does not; `sent` holds the ids of each batch. */
function fakeWindow({ beacon = () => true, status = 204, onLine = true } = {}) {
  const sent = [];
  const note = (way, body) => sent.push([way, ...JSON.parse(body).map(({ id }) => id)]);
  const window = Object.assign(new EventTarget(), {
    sent,
    status,
    navigator: {
      onLine,
      sendBeacon(_, body) {
        if (!beacon()) return false;
        note("beacon", body);
        return true;
      },
    },
    async fetch(_, { body, keepalive, method }) {
      assert.deepEqual([keepalive, method], [true, "POST"]);
      if (window.status === 0) throw new TypeError("no network");
      note("fetch", body);
      return { status: window.status };
    },
  });
  return window;
}

function fakeStore(values = {}) {
  return { values, read: (name) => values[name] ?? null, write: (name, value) => (values[name] = JSON.parse(JSON.stringify(value))) };
}

const rounds = async () => {
  for (let round = 0; round < 10; round += 1) await Promise.resolve();
};

test("events wait for others, then go together", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const window = fakeWindow();
  const queue = new Queue(window, "/np/events", fakeStore());
  for (const number of numbers(3)) queue.add(event(number));
  context.mock.timers.tick(4_999);
  assert.deepEqual(window.sent, []);
  context.mock.timers.tick(1);
  assert.deepEqual(window.sent, [["beacon", "v-0", "v-1", "v-2"]]);
  queue.flush();
  assert.equal(window.sent.length, 1);
});

test("where a beacon is refused or patched away, fetch sends", async () => {
  for (const beacon of [() => false, () => { throw new Error("patched"); }]) {
    const window = fakeWindow({ beacon });
    const queue = new Queue(window, "/np/events", fakeStore());
    queue.add(event(1));
    queue.flush();
    await rounds();
    queue.flush();
    assert.deepEqual(window.sent, [["fetch", "v-1"]]);
  }
});

test("what the network or the server lost goes again, what the server refused does not", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [status, expect] of [[0, 2], [503, 2], [400, 0], [204, 0]]) {
    const window = fakeWindow({ beacon: () => false, status });
    const queue = new Queue(window, "/np/events", fakeStore());
    queue.add(event(1));
    queue.flush();
    queue.add(event(2));
    await rounds();
    window.sent.length = 0;
    window.status = 204;
    context.mock.timers.tick(5_000);
    await rounds();
    assert.deepEqual(window.sent, [["fetch", ...(expect ? ["v-1"] : []), "v-2"]], `${status}`);
    queue.end();
  }
});

test("what is lost after the end waits for the next page, and no timer runs", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const store = fakeStore();
  const window = fakeWindow({ beacon: () => false, status: 503 });
  const queue = new Queue(window, "/np/events", store);
  queue.add(event(1));
  queue.end();
  await rounds();
  context.mock.timers.tick(60_000);
  await rounds();
  assert.deepEqual(window.sent, [["fetch", "v-1"]]);
  assert.deepEqual(store.values.events.map(({ id }) => id), ["v-1"]);
});

test("without a network events wait, the oldest go first, and the next network gets them", () => {
  const window = fakeWindow({ onLine: false });
  const queue = new Queue(window, "/np/events", fakeStore());
  for (const number of numbers(600)) queue.add(event(number));
  queue.flush();
  assert.deepEqual(window.sent, []);
  window.navigator.onLine = true;
  window.dispatchEvent(new Event("online"));
  const ids = window.sent.flatMap(([, ...ids]) => ids);
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [500, "v-100", "v-599"]);
});

test("what a page could not send, the next one sends; once", () => {
  const store = fakeStore();
  const offline = new Queue(fakeWindow({ onLine: false }), "/np/events", store);
  offline.add(event(1));
  offline.leave();
  const window = fakeWindow();
  const next = new Queue(window, "/np/events", store);
  next.restore();
  next.restore();
  next.flush();
  assert.deepEqual(window.sent, [["beacon", "v-1"]]);
  assert.deepEqual(store.values.events, []);
});

test("a page that comes back and sends leaves nothing for the next one", () => {
  const store = fakeStore();
  const window = fakeWindow({ onLine: false });
  const queue = new Queue(window, "/np/events", store);
  queue.add(event(1));
  queue.leave();
  assert.equal(store.values.events.length, 1);
  window.navigator.onLine = true;
  queue.flush();
  assert.deepEqual(store.values.events, []);
});

test("what somebody else has stored is no event", () => {
  const window = fakeWindow();
  const queue = new Queue(window, "/np/events", fakeStore({ events: [null, 7, {}, { id: 1, type: "click" }, event(1)] }));
  queue.restore();
  queue.flush();
  assert.deepEqual(window.sent, [["beacon", "v-1"]]);
});

test("what waits is sent as it was revised, or not at all", () => {
  const window = fakeWindow();
  const queue = new Queue(window, "/np/events", fakeStore());
  for (const number of numbers(3)) queue.add(event(number));
  queue.revise((event) => (event.id === "v-1" ? { ...event, id: "w-1" } : null));
  queue.flush();
  assert.deepEqual(window.sent, [["beacon", "w-1"]]);
});

function checkEngagement(expect, steps) {
  const engagement = new Engagement();
  const taken = steps.flatMap(([step, now]) => engagement[step](now) ?? []);
  assert.deepEqual(taken, expect);
}

test("time counts while somebody is at the page", () => {
  checkEngagement([10_000], [["active", 0], ["take", 10_000]]);
  checkEngagement([10_000, 5_000], [["active", 0], ["take", 10_000], ["take", 15_000]]);
  checkEngagement([25_000], [["active", 0], ["active", 20_000], ["pause", 25_000], ["take", 90_000]]);
});

test("time ends half a minute after somebody last did something", () => {
  checkEngagement([30_000, 0], [["active", 0], ["take", 600_000], ["take", 700_000]]);
  checkEngagement([31_000], [["active", 0], ["active", 600_000], ["take", 601_000]]);
  checkEngagement([59_000], [["active", 0], ["active", 29_000], ["take", 600_000]]);
});

test("time out of sight does not count", () => {
  checkEngagement([0], [["take", 1_000]]);
  checkEngagement([6_000], [["active", 0], ["pause", 5_000], ["active", 100_000], ["take", 101_000]]);
});

test.after(() => mock.reset());
