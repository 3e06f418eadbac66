// `account(ip)`, the address alone: it must say what a decision says, whichever way the address takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes, sampleNetworks, seeded } from "./sample.mjs";

test("an address finds the account that a decision finds", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const inside = sampleNetworks().map(({ prefix }) => prefix.split("/")[0]);
  const others = [
    ...["8.8.8.8", "91.0.0.1", "2003::1", "10.0.0.1", "127.0.0.1", "::1", "203.0.113.7", "2001:db8::1", "255.255.255.255", "0.0.0.0"],
    ...["", " ", "1.2.3", "1.2.3.4.5", "1.2.3.4:80", "256.1.1.1", "01.2.3.4", "1..2.3", ".1.2.3", "1.2.3.", "a.b.c.d", "ü", "\ud800"],
    ...inside.slice(0, 50).flatMap((address) => [` ${address}`, `${address} `, `0${address}`, address.includes(".") ? `::ffff:${address}` : `[${address}]`]),
    "x".repeat(100_000),
  ];
  for (const ip of [...inside, ...others]) assert.deepEqual(nameplate.account(ip), nameplate.decide({ ip }).account, ip.slice(0, 60));
  assert.ok(inside.every((ip) => nameplate.account(ip) !== null));
});

test("what is no text finds nobody, and nothing is thrown", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  for (const value of [undefined, null, 7, {}, [], Symbol("x"), { toString: () => "139.23.204.1" }]) assert.equal(nameplate.account(value), null);
  nameplate.free();
  assert.equal(nameplate.account("139.23.204.1"), null);
});

test("what is handed out again cannot be changed", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const { account, slots, reasons } = nameplate.decide({ account: "siemens", now: 1_790_000_000 });
  for (const part of [account, slots[0], slots[0].changes, reasons[0]]) assert.ok(Object.isFrozen(part));
  assert.throws(() => slots[0].changes.push({}), TypeError);
});

test("the lists of a decision are the caller's own", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const visit = { account: "siemens", now: 1_790_000_000, visitor: { id: "v-1" } };
  const first = nameplate.decide(visit);
  const expected = structuredClone(first);
  for (const list of [first.slots, first.ads, first.exposures, first.reasons]) list.splice(0, list.length, {}, {});
  assert.deepEqual(nameplate.decide(visit), expected);
});

test("an address is read as the core reads it, however it is written", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const random = seeded(7);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (all) => all[below(all.length)];
  const prefixes = sampleNetworks().map(({ prefix }) => prefix.split("/")[0]);
  const sixes = prefixes.filter((prefix) => prefix.includes(":"));
  const fours = prefixes.filter((prefix) => prefix.includes("."));
  const found = { all: 0, accounts: 0 };
  for (let round = 0; round < 60_000; round += 1) {
    let text = random() < 0.3 ? pick(fours) : spell(round % 3 ? groupsOf(pick(sixes)) : mapped(pick(fours)), random);
    // Some are no address, by a character more, less or other.
    for (let wrong = random() < 0.5 ? 0 : 1 + below(2); wrong > 0; wrong -= 1) {
      const at = below(text.length + 1);
      text = text.slice(0, at) + pick(["", ":", "::", ".", "0", "00", "f", "F", "g", "1.2.3.4", "%", "/", "ä", "\u0660", "\u2003"]) + text.slice(at + below(3));
    }
    // What stands behind a blank goes to the core as a text.
    const expected = nameplate.account(` ${text}`);
    assert.equal(nameplate.account(text), expected, text);
    found.all += 1;
    if (expected !== null) found.accounts += 1;
  }
  assert.ok(found.accounts > found.all / 4 && found.accounts < (found.all * 9) / 10, JSON.stringify(found));
});

function groupsOf(address) {
  const [head, tail] = address.split("::").map((part) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16))));
  return tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
}

function mapped(address) {
  const [a, b, c, d] = address.split(".").map(Number);
  return [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d];
}

/** Eight groups as a text: with or without a gap, zeros, capitals, the last two as IPv4. */
function spell(groups, random) {
  const below = (limit) => Math.floor(random() * limit);
  const hex = (group) => {
    const digits = group.toString(16).padStart(random() < 0.2 ? 1 + below(5) : 1, "0");
    return random() < 0.3 ? digits.toUpperCase() : digits;
  };
  const texts = groups.map(hex);
  if (random() < 0.2) texts.splice(6, 2, [groups[6] >> 8, groups[6] & 255, groups[7] >> 8, groups[7] & 255].join("."));
  // Any run of zeros, and now and then one of no groups.
  let from = below(9);
  let to = from;
  while (to < texts.length && to < 8 && groups[to] === 0 && texts[to].length < 6) to += 1;
  while (from > 0 && groups[from - 1] === 0 && from <= texts.length) from -= 1;
  if (from === to && random() < 0.9) return texts.join(":");
  return `${texts.slice(0, from).join(":")}::${texts.slice(to).join(":")}`;
}
