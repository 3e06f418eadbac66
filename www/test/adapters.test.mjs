// What vendors' software is told, against fakes that behave as their documentation says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./tag-module.mjs";

const { adaptersOf } = await load('export * from "./tag/adapters/index.ts"');
const [dataLayer, analytics, gpt, prebid] = ["datalayer", "analytics", "gpt", "prebid"].map((name) => adaptersOf(name)[0]);

const FIELDS = { slot: "title", experience: "hello", variant: "only" };
const NOTHING = { np_experience: null, np_account: null, np_tier: null, np_stage: null, np_segment: null };
const TARGETING = { ...NOTHING, np_experience: ["hello", "x".repeat(60)], np_tier: "1" };

test("no adapter is on that the site has not named", () => {
  assert.deepEqual(adaptersOf(""), []);
  assert.deepEqual(adaptersOf("none  __proto__ toString"), []);
  assert.deepEqual(adaptersOf(" GPT\n dataLayer "), [gpt, dataLayer]);
});

test("dataLayer: an event by name, in a page that has none yet too", () => {
  const window = {};
  dataLayer.event(window, "exposure", FIELDS);
  assert.deepEqual(window.dataLayer, [{ event: "nameplate_exposure", ...FIELDS }]);
});

test("dataLayer: by gtag where the page has it", () => {
  const calls = [];
  const window = { dataLayer: [], gtag: (...given) => calls.push(given) };
  dataLayer.event(window, "click", FIELDS);
  assert.deepEqual([calls, window.dataLayer], [[["event", "nameplate_click", FIELDS]], []]);
});

test("analytics: Segment's and RudderStack's `track`", () => {
  for (const name of ["analytics", "rudderanalytics"]) {
    const calls = [];
    analytics.event({ [name]: { track: (...given) => calls.push(given) } }, "impression", FIELDS);
    assert.deepEqual(calls, [["Nameplate Impression", FIELDS]]);
  }
  analytics.event({}, "impression", FIELDS);
});

test("gpt: targeting in the queue of a tag that has not loaded, cut to what Ad Manager takes", () => {
  const window = {};
  gpt.target(window, TARGETING);
  const calls = [];
  window.googletag.setConfig = (config) => calls.push(config);
  for (const command of window.googletag.cmd) command();
  assert.deepEqual(calls, [{ targeting: { ...TARGETING, np_experience: ["hello", "x".repeat(40)] } }]);
});

test("gpt: the older way, where a key without a value is cleared", () => {
  const values = new Map([["np_stage", "decision"], ["own", "1"]]);
  const pubads = { setTargeting: (key, value) => values.set(key, value), clearTargeting: (key) => values.delete(key) };
  const window = { googletag: { cmd: { push: (command) => command() }, pubads: () => pubads } };
  gpt.target(window, TARGETING);
  assert.deepEqual([...values], [["own", "1"], ["np_experience", ["hello", "x".repeat(40)]], ["np_tier", "1"]]);
  gpt.target(window, NOTHING);
  assert.deepEqual([...values], [["own", "1"]]);
});

test("prebid: the user's data, beside what the site has set; what no longer holds is gone", () => {
  let config = { ortb2: { site: { name: "s" }, user: { yob: 1, ext: { eids: [], data: { own: 1 } } } } };
  const pbjs = {
    que: { push: (command) => command() },
    getConfig: (name) => structuredClone(config[name]),
    setConfig: (given) => (config = { ...config, ...given }),
  };
  prebid.target({ pbjs }, TARGETING);
  const ext = (data) => ({ site: { name: "s" }, user: { yob: 1, ext: { eids: [], data } } });
  assert.deepEqual(config.ortb2, ext({ own: 1, np_experience: TARGETING.np_experience, np_tier: "1" }));
  prebid.target({ pbjs }, { ...NOTHING, np_stage: "decision" });
  assert.deepEqual(config.ortb2, ext({ own: 1, np_stage: "decision" }));
});

test("prebid: in a page where it has not loaded and nothing is set", () => {
  const window = {};
  prebid.target(window, TARGETING);
  let config;
  Object.assign(window.pbjs, { getConfig: () => undefined, setConfig: (given) => (config = given) });
  for (const command of window.pbjs.que) command();
  assert.deepEqual(config, { ortb2: { user: { ext: { data: { np_experience: TARGETING.np_experience, np_tier: "1" } } } } });
});
