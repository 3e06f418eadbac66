// Makes one set: a site folder, its bundle, visits, and the same rules and prefixes for the peers.
//
//   node generate/main.mjs --rules 1000 --accounts 5000 [--no-networks] [--addresses] [--force]
//
// The same arguments give the same files, in target/bench/NAME; a set that is there is not made again unless this folder's
// sources changed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { limited } from "../lib/limited.mjs";
import { PROGRAM, SETS } from "../lib/places.mjs";
import { toAtree, toYggdrasilContext } from "../rules/native.mjs";
import { toCel } from "../rules/condition.mjs";
import { toJsonLogic } from "../rules/jsonlogic.mjs";
import { toFeatures } from "../rules/unleash.mjs";
import { accounts as makeAccounts, networks as makeNetworks } from "./accounts.mjs";
import { formatV4, formatV6, Judge } from "./addresses.mjs";
import { organisations, prefixText } from "./asn.mjs";
import { writeGeoip } from "./geoip.mjs";
import { mmdb } from "./mmdb.mjs";
import { random } from "./random.mjs";
import { rules as makeRules } from "./rules.mjs";
import { writeSite } from "./site.mjs";
import { addressIn, described, visits } from "./visits.mjs";

const VISITS = 512;
const ADDRESSES = 1 << 17;
/** What the largest site may take to compile. */
const MEMORY_KIB = 8 << 20;

const { values: options } = parseArgs({
  options: {
    rules: { type: "string", default: "1000" },
    accounts: { type: "string", default: "5000" },
    "no-networks": { type: "boolean", default: false },
    addresses: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
  },
});
const ruleCount = Number(options.rules);
const accountCount = Number(options.accounts);
const name = `${ruleCount}-rules-${accountCount}-accounts${options["no-networks"] ? "-no-networks" : ""}`;
const folder = join(SETS, name);
const stamp = join(folder, "stamp");
const version = `${sources()} ${options.addresses}`;
if (options.force || !existsSync(stamp) || !readFileSync(stamp, "utf8").startsWith(version)) await make();
await compile();

async function make() {
  const began = Date.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const accounts = makeAccounts(await organisations(), accountCount);
  const networks = makeNetworks(accounts);
  const judge = new Judge(networks);
  const rules = makeRules(ruleCount, accounts);
  writeSite(join(folder, "site"), { accounts, networks, rules, hasNetworks: !options["no-networks"] });
  const known = visits("known", VISITS, { accounts, networks, judge });
  const stranger = visits("stranger", VISITS, { accounts, networks, judge });
  write("rules.json", JSON.stringify(rules));
  const all = { known, stranger, described: described(known) };
  write("visits.json", JSON.stringify(all));
  writeForNative(rules, all);
  if (options.addresses) writeAddresses(accounts, networks, judge);
  writeFileSync(stamp, `${version}\n`);
  console.log(`${name}: ${networks.length} networks, generated in ${Date.now() - began} ms`);
}

/** Rules and contexts in the native engines' words, one item a line. */
function writeForNative(rules, visitsByKind) {
  const lines = (items) => items.map((item) => JSON.stringify(item)).join("\n");
  write("rules.jsonl", lines(rules.map(({ name, slot, priority, when }) => ({ name, slot, priority, cel: toCel(when).replaceAll(/in_segment\(("[^"]+")\)/g, "$1 in account.segments"), atree: toAtree(when), logic: toJsonLogic(when) }))));
  for (const mode of ["all", "first"]) write(`unleash-${mode}.json`, JSON.stringify(toFeatures(rules, mode)));
  for (const [kind, found] of Object.entries(visitsByKind)) {
    write(`${kind}.jsonl`, lines(found.map(({ visit, context }) => ({ visit, context, yggdrasil: toYggdrasilContext(context) }))));
  }
}

/** Prefixes and addresses to look for: drawn evenly over the prefixes, in random order, each with its account. */
function writeAddresses(accounts, networks, judge) {
  write("prefixes.txt", networks.map((network) => `${prefixText(network)} ${network.account}`).join("\n"));
  write("accounts.json", JSON.stringify(accounts.map(({ id, name }) => ({ id, name }))));
  for (const family of ["v4", "v6"]) {
    const dice = random("addresses", family, accountCount);
    const own = networks.filter(({ bits }) => (typeof bits === "bigint") === (family === "v6"));
    const lines = Array.from({ length: ADDRESSES }, () => {
      const bits = addressIn(dice.pick(own), dice);
      return `${typeof bits === "bigint" ? formatV6(bits) : formatV4(bits)} ${judge.find(bits)}`;
    });
    write(`addresses-${family}.txt`, lines.join("\n"));
  }
  writeFileSync(join(folder, "accounts.mmdb"), mmdb(networks, accounts));
  writeGeoip(join(folder, "geoip"), networks, accounts);
}

/**
 * Compiles with the program as it is now, unless that very program did: on one core, and with 8 GiB of memory to be had. Its time, the most
 * that it had in memory and what it says are for the tables.
 */
async function compile() {
  const program = createHash("sha256").update(readFileSync(PROGRAM)).digest("hex");
  const file = join(folder, "build.json");
  if (!existsSync(file) || JSON.parse(readFileSync(file, "utf8")).program !== program) {
    write("build.json", JSON.stringify({ program, ...(await limited(["build", join(folder, "site"), "-o", join(folder, "site.npb")], MEMORY_KIB)) }));
  }
  console.log(`${name}: ${JSON.parse(readFileSync(file, "utf8")).said.trim().split("\n")[0]}`);
}

function write(file, content) {
  writeFileSync(join(folder, file), content);
}

/** A digest of all that a set depends on. */
function sources() {
  const digest = createHash("sha256");
  for (const part of ["generate", "rules"]) {
    const from = join(import.meta.dirname, "..", part);
    for (const file of readdirSync(from).sort()) digest.update(readFileSync(join(from, file)));
  }
  return digest.digest("hex").slice(0, 16);
}
