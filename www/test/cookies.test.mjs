// Cookies as rules read them, out of a header: as `src/serve/decision/cookie.rs` has it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "nameplate";
import { cookieBytes } from "./jar.mjs";
import { sampleBytes } from "./sample.mjs";

const nameplate = await Nameplate.load(cookieBytes());

test("a bundle names those that its rules read, and a header has those that may be read", () => {
  const check = (header, agrees, expect) => assert.deepEqual({ ...nameplate.cookies(header, agrees) }, expect, header);
  check("other=1; __Host-plan=pro; region=\"a b\"", true, { "__Host-plan": "pro", region: "a b" });
  check("other=1; __Host-plan=pro; region=\"a b\"", false, { "__Host-plan": "pro" });
  check("__Host-plan = p=r%6f ;__Host-plan=free; =x", true, { "__Host-plan": "p=r%6f" });
  check("__Host-plan=; __Host-plan=free;region=\"\"", true, {});
  check("__Host-plan=\u00e9; region=a\"; __Host-plan=b\tc", true, { region: "a\"" });
  check("xregion=1; regionx=2; region; REGION=3; __proto__=4", true, {});
  check(`region=${"x".repeat(4_096)}`, true, { region: "x".repeat(4_096) });
  check(`region=${"x".repeat(4_097)}`, true, {});
});

test("a visit's cookies decide, and one that is no text refuses the visit without saying what it is", async () => {
  const shown = (cookies) => nameplate.decide({ visitor: { cookies } }).slots[0]?.experience ?? null;
  assert.equal(shown({ "__Host-plan": "pro" }), "plan");
  assert.equal(shown({ "__Host-plan": null, region: "uk", other: "x" }), "region");
  assert.equal(shown({ region: "us" }), null);
  assert.equal(shown(null), null);
  const { match } = nameplate.decide({ visitor: { cookies: { region: 47_110_815 } } });
  assert.match(match.reason, /`visitor\.cookies\.region` is a number; expected text/);
  assert.deepEqual(Object.keys((await Nameplate.load(sampleBytes())).cookies("a=b", true)), []);
});
