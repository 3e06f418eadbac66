// A bundle that must be signed: who may have signed it, for what, and how long ago.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes, seeded } from "./sample.mjs";
import { DAY, newKey, now, seal } from "./signer.mjs";

const [ours, theirs] = [newKey(), newKey()];
const bundle = sampleBytes();
const { publicKey } = ours;
const account = (nameplate) => nameplate.decide({ account: "siemens" }).account?.id;

test("a bundle that is signed opens with the key, and without one", async () => {
  const signed = seal(bundle, ours);
  for (const keys of [publicKey, `${theirs.publicKey} ${publicKey}`]) {
    const nameplate = await Nameplate.load(signed, { publicKey: keys, site: "Tidewater", environment: "production", leastCounter: 7 });
    assert.equal(account(nameplate), "siemens");
    const { created, expires, ...said } = nameplate.seal;
    assert.deepEqual(said, { site: "Tidewater", environment: "production", counter: 7 });
    assert.equal(expires - created, DAY);
  }
  const nameplate = await Nameplate.load(signed);
  assert.equal(account(nameplate), "siemens");
  assert.equal(nameplate.seal, null);
});

const refuses = (bytes, options, expect) => assert.rejects(Nameplate.load(bytes, { publicKey, ...options }), expect);

test("a bundle that is not signed so is refused", async () => {
  const signed = seal(bundle, ours);
  await refuses(bundle, {}, /expected a signature, found none/);
  await refuses(seal(bundle, theirs), {}, /wrong, or of a key/);
  await refuses(signed, { publicKey: "" }, /expected public keys/);
  await refuses(signed, { publicKey: publicKey.replace("public", "secret") }, /expected public keys/);
  await refuses(signed, { site: "Other" }, /the site `Other`, found `Tidewater`/);
  await refuses(signed, { environment: "staging" }, /the environment `staging`, found `production`/);
  await refuses(signed, { leastCounter: 8 }, /a counter from 8 on, found 7/);
  await refuses(seal(bundle, ours, { kind: 2 }), {}, /of something else/);
  await refuses(seal(bundle, ours, { checksum: Buffer.alloc(32) }), {}, /of something else/);
});

test("a signature counts for its time", async () => {
  const at = (seconds, changes = {}) => [seal(bundle, ours, { created: 1_790_000_000, expires: 1_790_000_000 + 90 * DAY, ...changes }), { now: 1_790_000_000 + seconds }];
  await Nameplate.load(at(30 * DAY)[0], { publicKey, ...at(30 * DAY)[1] });
  await Nameplate.load(at(-DAY)[0], { publicKey, ...at(-DAY)[1] });
  await refuses(...at(30 * DAY + 1), /has expired/);
  await refuses(...at(3, { expires: 1_790_000_002 }), /has expired/);
  await refuses(...at(-DAY - 1), /not come yet/);
  await refuses(seal(bundle, ours), { now: 0 }, /not come yet/);
  await refuses(seal(bundle, ours, { expires: now() - 1 }), {}, /has expired/);
});

test("every change of a byte and every cut is refused", async () => {
  const signed = seal(bundle, ours);
  const random = seeded(11);
  const within = Array.from({ length: 60 }, () => Math.floor(random() * bundle.length));
  const behind = Array.from({ length: signed.length - bundle.length }, (_, at) => bundle.length + at);
  for (const at of [...within, ...behind]) {
    const changed = Buffer.from(signed);
    changed[at] ^= 1 << (at % 8);
    await assert.rejects(Nameplate.load(changed, { publicKey }), `byte ${at}`);
    await assert.rejects(Nameplate.load(signed.subarray(0, at), { publicKey }), `cut at ${at}`);
  }
});
