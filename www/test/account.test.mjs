// `account(ip)`, the address alone: it must say what a decision says, whichever way the address takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes, sampleNetworks } from "./sample.mjs";

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
  slots.length = 0;
  assert.ok(nameplate.decide({ account: "siemens", now: 1_790_000_000 }).slots.length > 0);
});

test("a million calls leave the memory as it was", async () => {
  const nameplate = await Nameplate.load(sampleBytes());
  const accounts = nameplate.site().accounts;
  const addresses = sampleNetworks().map(({ prefix }) => prefix.split("/")[0]);
  const pass = (count) => {
    for (let index = 0; index < count; index += 1) {
      nameplate.account(addresses[index % addresses.length]);
      if (index % 20 === 0) nameplate.decide({ account: accounts[index % accounts.length].id, now: index, visitor: { id: `v-${index}` } });
    }
    globalThis.gc?.();
    return process.memoryUsage();
  };
  pass(100_000);
  const before = pass(100_000);
  const after = pass(800_000);
  assert.ok(after.heapUsed < before.heapUsed + 4 * 2 ** 20, `${before.heapUsed} ${after.heapUsed}`);
  assert.ok(after.arrayBuffers <= before.arrayBuffers + 2 ** 20, `${before.arrayBuffers} ${after.arrayBuffers}`);
});
