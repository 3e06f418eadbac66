// Consent is put together from several voices; each case says who says what and what follows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./tag-module.mjs";

const { answersOf, consentOf, readGoogle, readTcf } = await load('export * from "./tag/consent.ts"');

const SILENT = { gpc: false, site: {}, tcf: null, google: null };
const all = (value) => ({ storage: value, ads: value, measurement: value });
const purposes = (...numbers) => ({ consents: Object.fromEntries(numbers.map((number) => [number, true])) });

function check(statements, expect) {
  assert.deepEqual(answersOf({ ...SILENT, ...statements }), expect);
}

test("where nobody says anything nothing is allowed, and nobody is waited for", () => check({}, all(false)));

test("Global Privacy Control beats everybody", () => {
  check({ gpc: true, site: all(true), tcf: all(true) }, all(false));
  check({ gpc: true, tcf: all(null) }, all(false));
});

test("the site's own word beats the platforms, for the purposes it speaks of", () => {
  check({ site: { storage: true } }, { storage: true, ads: false, measurement: false });
  check({ site: { ads: false }, tcf: all(true) }, { storage: true, ads: false, measurement: true });
  check({ site: all(true), tcf: all(null) }, all(true));
});

test("of two platforms the strictest counts", () => {
  const google = (state) => ({ fields: new Map(Object.entries(state)), isWaiting: false });
  const granted = google({ analytics_storage: true, ad_user_data: true, ad_personalization: true });
  check({ tcf: all(true), google: granted }, all(true));
  check({ tcf: all(false), google: granted }, all(false));
  check({ tcf: all(null), google: granted }, all(null));
  check({ tcf: all(null), google: google({}) }, all(false));
});

test("what is not known is refused", () => {
  assert.deepEqual(consentOf({ storage: null, ads: true, measurement: false }), { storage: false, ads: true, measurement: false });
});

function checkTcf(data, expect, { before = all(null), success = true } = {}) {
  assert.deepEqual(readTcf(before, data, success), expect);
}

test("TCF counts when the platform has loaded or the visitor has chosen", () => {
  const purpose = purposes(1, 3, 4, 7, 8);
  checkTcf({ eventStatus: "tcloaded", gdprApplies: true, purpose }, all(true));
  checkTcf({ eventStatus: "useractioncomplete", gdprApplies: true, purpose }, all(true));
  checkTcf({ eventStatus: "cmpuishown", gdprApplies: true, purpose }, all(null));
  checkTcf({ gdprApplies: true, purpose }, all(null));
  checkTcf({ eventStatus: "tcloaded" }, all(false));
});

test("TCF: each purpose needs all of its own", () => {
  const check = (numbers, expect) => checkTcf({ eventStatus: "tcloaded", gdprApplies: true, purpose: purposes(...numbers) }, expect);
  check([1], { storage: true, ads: false, measurement: false });
  check([3, 4], { storage: false, ads: true, measurement: false });
  check([7, 8], { storage: false, ads: false, measurement: true });
  check([2, 3, 5, 6, 7, 9, 10], all(false));
});

test("TCF: a legitimate interest, a text or a number is no consent", () => {
  const answer = (consents) => ({ eventStatus: "tcloaded", purpose: { consents, legitimateInterests: purposes(1, 3, 4, 7, 8).consents } });
  checkTcf(answer({}), all(false));
  checkTcf(answer({ 1: "true", 3: 1, 4: 1, 7: 1, 8: 1 }), all(false));
});

test("TCF: where the law does not apply nothing is asked for", () => {
  checkTcf({ eventStatus: "tcloaded", gdprApplies: false }, all(true));
  checkTcf({ gdprApplies: undefined }, all(null));
});

test("TCF: a platform that fails refuses", () => {
  checkTcf({ cmpStatus: "error", eventStatus: "tcloaded", purpose: purposes(1, 3, 4, 7, 8) }, all(false));
  checkTcf({ eventStatus: "tcloaded", purpose: purposes(1) }, all(false), { success: false });
  for (const data of [null, undefined, "tcloaded", 7]) checkTcf(data, all(false));
});

test("TCF: while the visitor is asked again, what was said before holds", () => {
  const before = { storage: true, ads: false, measurement: true };
  checkTcf({ eventStatus: "cmpuishown", gdprApplies: true }, before, { before });
});

/** `commands` as `gtag` pushes them: `arguments` objects among others' entries. */
function checkGoogle(commands, expect) {
  const entries = commands.map((command) => (function () { return arguments; })(...command));
  const google = [{ event: "gtm.js" }, null, "text", ...entries, { consent: 1 }].reduce(readGoogle, null);
  assert.deepEqual(google === null ? null : answersOf({ ...SILENT, google }), expect);
}

const fields = (analytics, ads) => ({ analytics_storage: analytics, ad_user_data: ads, ad_personalization: ads });

test("Google: a page without its commands has no such platform", () => {
  checkGoogle([], null);
  checkGoogle([["js", new Date(0)], ["config", "G-1"], ["consent", "default"], ["consent", "reset", fields("granted", "granted")]], null);
});

test("Google: defaults hold, and a default that asks to wait leaves open what it denies", () => {
  checkGoogle([["consent", "default", fields("granted", "granted")]], all(true));
  checkGoogle([["consent", "default", fields("denied", "denied")]], all(false));
  checkGoogle([["consent", "default", { ...fields("granted", "denied"), wait_for_update: 500 }]], { storage: true, ads: null, measurement: true });
});

test("Google: an update ends the wait", () => {
  const wait = ["consent", "default", { ...fields("denied", "denied"), wait_for_update: 500 }];
  checkGoogle([wait, ["consent", "update", fields("granted", "granted")]], all(true));
  checkGoogle([wait, ["consent", "update", { analytics_storage: "granted" }]], { storage: true, ads: false, measurement: true });
  checkGoogle([wait, ["consent", "update", fields("granted", "granted")], ["consent", "update", fields("denied", "denied")]], all(false));
});

test("Google: of several defaults the strictest counts, because nobody tells the region", () => {
  const granted = ["consent", "default", fields("granted", "granted")];
  const europe = ["consent", "default", { ...fields("denied", "denied"), region: ["DE", "FR"] }];
  checkGoogle([granted, europe], all(false));
  checkGoogle([europe, granted], all(false));
  checkGoogle([["consent", "default", { ...fields("granted", "granted"), region: ["US"] }]], all(false));
});

test("Google: ads need both fields, and other words are none", () => {
  checkGoogle([["consent", "update", { ad_personalization: "granted", ad_storage: "granted" }]], all(false));
  checkGoogle([["consent", "update", fields(true, "yes")]], all(false));
});
