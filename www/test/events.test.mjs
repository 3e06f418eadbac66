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

/** A browser that takes beacons, or does not, and a server that answers with `status`, 0 for no network; `sent` holds the ids of each batch. */
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
    async fetch(_, { body, keepalive, method, mode }) {
      assert.deepEqual([keepalive, method, mode], [true, "POST", "no-cors"]);
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
  assert.deepEqual(window.sent, [["fetch", "v-0", "v-1", "v-2"]]);
  queue.flush();
  assert.equal(window.sent.length, 1);
});

test("only a page that goes sends beacons; where they are refused or patched away, it fetches", async () => {
  for (const [way, beacon] of [["beacon", () => true], ["fetch", () => false], ["fetch", () => { throw new Error("patched"); }]]) {
    const window = fakeWindow({ beacon });
    const queue = new Queue(window, "/np/events", fakeStore());
    queue.add(event(1));
    queue.leave();
    await rounds();
    queue.leave();
    assert.deepEqual(window.sent, [[way, "v-1"]]);
  }
});

test("what the network or the server lost goes again, what the server refused does not", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [status, isLost] of [[0, true], [503, true], [502, true], [400, false], [204, false]]) {
    const window = fakeWindow({ status });
    const queue = new Queue(window, "/np/events", fakeStore());
    queue.add(event(1));
    queue.flush();
    queue.add(event(2));
    await rounds();
    window.sent.length = 0;
    window.status = 204;
    context.mock.timers.tick(10_000);
    await rounds();
    assert.deepEqual(window.sent, [["fetch", ...(isLost ? ["v-1"] : []), "v-2"]], `${status}`);
    queue.end();
  }
});

test("a server that is down is asked more and more rarely, and as before once it is up", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const window = fakeWindow({ status: 503 });
  const queue = new Queue(window, "/np/events", fakeStore());
  queue.add(event(1));
  /** The seconds after which each of the next requests comes. */
  const waits = async (count) => {
    const found = [];
    for (let seconds = 1; found.length < count && seconds < 1_000; seconds += 1) {
      window.sent.length = 0;
      context.mock.timers.tick(1_000);
      await rounds();
      if (window.sent.length > 0) [found[found.length], seconds] = [seconds, 0];
    }
    return found;
  };
  assert.deepEqual(await waits(9), [5, 10, 20, 40, 80, 160, 300, 300, 300]);
  window.status = 204;
  assert.deepEqual(await waits(1), [300]);
  queue.add(event(2));
  assert.deepEqual(await waits(1), [5]);
  queue.end();
});

test("browsers let 64 KiB be on the way: one batch goes at a time, and a page that goes leaves none behind", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const lengths = (window) => window.sent.map(([way, ...ids]) => [way, ids.length]);
  const window = fakeWindow();
  const queue = new Queue(window, "/np/events", fakeStore());
  for (const number of numbers(300)) queue.add(event(number));
  context.mock.timers.tick(5_000);
  await rounds();
  assert.deepEqual(lengths(window), [["fetch", 250]]);
  context.mock.timers.tick(5_000);
  assert.deepEqual(lengths(window), [["fetch", 250], ["fetch", 50]]);
  const other = fakeWindow();
  const going = new Queue(other, "/np/events", fakeStore());
  for (const number of numbers(300)) going.add(event(number));
  going.leave();
  assert.deepEqual(lengths(other), [["beacon", 250], ["beacon", 50]]);
});

test("what is lost after the end waits for the next page, and no timer runs", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const store = fakeStore();
  const window = fakeWindow({ beacon: () => false, status: 503 });
  const queue = new Queue(window, "/np/events", store);
  queue.add(event(1));
  queue.end();
  await rounds();
  context.mock.timers.tick(600_000);
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
  queue.end();
  const ids = window.sent.flatMap(([, ...ids]) => ids);
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [500, "v-100", "v-599"]);
});

test("pages that wait side by side keep what each of them has", () => {
  const store = fakeStore();
  const stored = () => store.values.events.map(({ id }) => id);
  const windows = [1, 2].map(() => fakeWindow({ onLine: false }));
  const queues = windows.map((window) => new Queue(window, "/np/events", store));
  queues.forEach((queue, at) => {
    queue.add(event(at));
    queue.leave();
    // Out of sight once more.
    queue.leave();
  });
  assert.deepEqual(stored(), ["v-0", "v-1"]);
  // One has a network again, and takes away only what it has sent.
  windows[0].navigator.onLine = true;
  queues[0].leave();
  assert.deepEqual([windows[0].sent, stored()], [[["beacon", "v-0"]], ["v-1"]]);
  // What it has kept itself it does not take for another's.
  queues[1].restore();
  windows[1].navigator.onLine = true;
  queues[1].leave();
  assert.deepEqual([windows[1].sent, stored()], [[["beacon", "v-1"]], []]);
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
  assert.deepEqual(window.sent, [["fetch", "v-1"]]);
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
  assert.deepEqual(window.sent, [["fetch", "v-1"]]);
});

test("what waits is sent as it was revised, or not at all", () => {
  const window = fakeWindow();
  const queue = new Queue(window, "/np/events", fakeStore());
  for (const number of numbers(3)) queue.add(event(number));
  queue.revise((event) => (event.id === "v-1" ? { ...event, id: "w-1" } : null));
  queue.flush();
  assert.deepEqual(window.sent, [["fetch", "w-1"]]);
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
