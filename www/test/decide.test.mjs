// Decisions through the built package, on the sample site's own accounts and networks.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Nameplate } from "nameplate";
import { sampleBytes, sampleNetworks } from "./sample.mjs";

const NOW = Date.UTC(2026, 5, 15, 10) / 1000;
let nameplate;

before(async () => {
  nameplate = await Nameplate.load(sampleBytes());
});

test("the site lists what the bundle holds", () => {
  const site = nameplate.site();
  assert.equal(typeof site.site, "string");
  assert.ok(site.hosts.length > 0 && site.slots.length > 0 && site.placements.length > 0 && site.accounts.length > 0);
  for (const { sizes } of site.placements) for (const size of sizes) assert.match(size, /^\d+x\d+$/);
  assert.match(site.hash, /^[0-9a-f]+$/);
});

test("a hint finds every account", () => {
  for (const { id, name, tier, stage } of nameplate.site().accounts) {
    const { account, match } = nameplate.decide({ account: id, now: NOW });
    assert.equal(match.kind, "hint");
    assert.deepEqual([account?.id, account?.name, account?.tier, account?.stage], [id, name, tier, stage]);
  }
});

test("an address finds the account of its prefix, with the evidence", () => {
  const networks = sampleNetworks();
  // The first address of a prefix belongs to it and not to a longer one, unless that one begins there too.
  const first = (prefix) => prefix.slice(0, prefix.indexOf("/"));
  const begins = new Map();
  for (const { prefix } of networks) begins.set(first(prefix), (begins.get(first(prefix)) ?? 0) + 1);
  const checked = networks.filter(({ prefix }) => begins.get(first(prefix)) === 1).slice(0, 500);
  assert.ok(checked.length > 100);
  for (const { prefix, account, confidence, source } of checked) {
    const { account: found, match } = nameplate.decide({ ip: first(prefix), now: NOW });
    assert.equal(match.kind, "address", `${prefix}: ${match.reason}`);
    assert.deepEqual([found?.id, match.prefix, match.confidence, match.source], [account, prefix, Number(confidence), source]);
  }
});

test("a hint beats the address", () => {
  const [first, second] = nameplate.site().accounts;
  const network = sampleNetworks().find(({ account }) => account === first.id);
  const { account, match } = nameplate.decide({ ip: network.prefix.split("/")[0], account: second.id, now: NOW });
  assert.deepEqual([account.id, match.kind], [second.id, "hint"]);
});

test("an unknown address is a miss with a reason", () => {
  for (const ip of ["203.0.113.7", "2001:db8::7", "10.0.0.1", "not an address", ""]) {
    const { account, match } = nameplate.decide({ ip, now: NOW });
    assert.equal(account, null);
    assert.equal(match.kind, "none");
    assert.ok(match.reason.length > 0);
  }
});

test("a decision has the shape that its types promise", () => {
  const { slots: slotInfo, placements } = nameplate.site();
  const kinds = new Set();
  for (const { id } of nameplate.site().accounts) {
    const decision = nameplate.decide({ account: id, url: homeUrl(), now: NOW, visitor: { visits: 1, role: "champion" } });
    assert.deepEqual(Object.keys(decision).sort(), ["account", "ads", "cohort", "exposures", "match", "reasons", "slots"]);
    for (const { slot, selector, experience, variant, changes: list } of decision.slots) {
      assert.equal(slotInfo.find(({ name }) => name === slot)?.selector, selector);
      assert.ok(experience && variant);
      for (const change of list) {
        assert.equal(typeof change.value, { class: "boolean", visible: "boolean" }[change.kind] ?? "string");
        assert.equal(typeof change.name, ["attribute", "class"].includes(change.kind) ? "string" : "undefined");
        kinds.add(change.kind);
        assert.doesNotMatch(String(change.value), /\{\{/, "a token was left in the text");
      }
    }
    for (const ad of decision.ads) {
      assert.ok(placements.find(({ name }) => name === ad.placement)?.sizes.includes(`${ad.width}x${ad.height}`));
      assert.ok(ad.image !== null || ad.headline !== null || ad.html !== null);
      for (const key of ["image", "headline", "body", "cta", "html", "label"]) assert.ok(ad[key] === null || typeof ad[key] === "string", `${key} is ${ad[key]}`);
    }
    for (const { bucket, unit } of decision.exposures) {
      assert.ok(bucket === null || (Number.isInteger(bucket) && bucket >= 0 && bucket < 10_000));
      assert.ok(unit === "account" || unit === "visitor");
    }
    // Every slot and placement says why it shows what it shows.
    const told = new Set(decision.reasons.map(({ about }) => about));
    for (const { name } of [...slotInfo, ...placements]) assert.ok(told.has(name), `${name} has no reason`);
  }
  assert.deepEqual([...kinds].sort(), ["after", "attribute", "html", "text", "visible"]);
});

test("explain holds the same decision, and says why the others lost", () => {
  const outcomes = new Set();
  for (const { id } of nameplate.site().accounts) {
    const visit = { account: id, url: homeUrl(), now: NOW };
    const { decision, candidates } = nameplate.explain(visit);
    assert.deepEqual(decision, nameplate.decide(visit));
    for (const { about, kind, name, outcome, text } of candidates) {
      outcomes.add(outcome);
      assert.ok(about && name && text);
      assert.ok(kind === "experience" || kind === "lineItem");
    }
    for (const { slot, experience } of decision.slots) {
      assert.ok(candidates.some(({ about, name, outcome }) => about === slot && name === experience && outcome === "chosen"));
    }
  }
  for (const outcome of ["chosen", "no-match"]) assert.ok(outcomes.has(outcome), `no candidate with the outcome ${outcome}`);
});

test("the same visit gives the same decision in another instance", async () => {
  const other = await Nameplate.load(sampleBytes());
  for (const { id } of nameplate.site().accounts) {
    const visit = { account: id, url: homeUrl(), now: NOW, visitor: { id: "v-1", visits: 2 } };
    assert.deepEqual(other.decide(visit), nameplate.decide(visit));
  }
  other.free();
});

test("a fraction of a second is floored", () => {
  const { id } = nameplate.site().accounts[0];
  const at = (now, visits) => nameplate.decide({ account: id, url: homeUrl(), now, visitor: { visits } });
  assert.deepEqual(at(NOW + 0.9, 2.5), at(NOW, 2));
});

function homeUrl() {
  return `https://${nameplate.site().hosts[0]}/`;
}

test("what is said to a described company is its own, whoever was described before", async () => {
  const { industry, country } = nameplate.site().accounts[0];
  const about = { industry, country, tier: 1, stage: "awareness" };
  const names = ["Alder", "Birch", "Alder", "Birch", "Al\u0000der", `Cedar ${"x".repeat(5_000)}`, "Alder", `Cedar ${"y".repeat(5_000)}`];
  const companies = names.map((name) => ({ id: "a-1", name, shortName: name, ...about }));
  const decided = [];
  for (const attributes of [...companies, { ...companies[0], tier: 3 }, { ...companies[0], technologies: ["mes"] }, companies[0]]) {
    const visit = { attributes, url: "https://www.tidewater.example/pricing", now: NOW, visitor: { id: "v-1" } };
    const decision = nameplate.decide(visit);
    const alone = await Nameplate.load(sampleBytes());
    assert.deepEqual(decision, alone.decide(visit), attributes.name.slice(0, 20));
    assert.equal(decision.account.name, attributes.name);
    decided.push(JSON.stringify(decision));
    alone.free();
  }
  assert.equal(decided[2], decided[0]);
  assert.ok(decided[1].includes("Birch") && !decided[1].includes("Alder"));
});
