// `nameplate match`: accounts by the thousand against a database of every announced prefix, on one core and in 2 GiB.

import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";

import { accounts as makeAccounts } from "../generate/accounts.mjs";
import { cover, organisations, textOf } from "../generate/asn.mjs";
import { writeSite } from "../generate/site.mjs";
import { limited } from "../lib/limited.mjs";
import { SETS } from "../lib/places.mjs";
import { number, table } from "../lib/report.mjs";

const FOLDER = join(SETS, "match");
const MEMORY_KIB = 2 << 20;

export async function match({ accounts: counts, repeats, say }) {
  mkdirSync(FOLDER, { recursive: true });
  const list = join(FOLDER, "prefixes.csv");
  if (!existsSync(list)) await writePrefixes(list);
  const found = await organisations();
  const data = {};
  for (const count of counts) {
    const site = join(FOLDER, `${count}`);
    writeSite(site, { accounts: makeAccounts(found, count), networks: [], rules: [] });
    const runs = [];
    for (let run = 0; run < repeats; run++) {
      say(`match: ${count} accounts`);
      rmSync(join(site, "matches.review.csv"), { force: true });
      const { milliseconds, cpuSeconds, peakBytes, said } = await limited(["match", site, "--csv", list, "-o", join(site, "networks.csv"), "--json"], MEMORY_KIB);
      runs.push({ seconds: milliseconds / 1000, cpuSeconds, peakBytes, summary: JSON.parse(said) });
    }
    data[count] = runs.sort((a, b) => a.seconds - b.seconds)[runs.length >> 1];
  }
  const rows = Object.entries(data).map(([count, { seconds, cpuSeconds, peakBytes, summary }]) => [
    number(Number(count), 6), number(summary.databases[0].ranges, 7), number(seconds), number(cpuSeconds), number(peakBytes / 2 ** 20), number(summary.prefixes.ipv4 + summary.prefixes.ipv6, 7), number(summary.review.undecided, 6),
  ]);
  return {
    data,
    text: `Names of real organisations against every prefix that one of them announces, on one core, with no more than 2 GiB of memory to be had. The median
of ${repeats} runs.

${table(["accounts", "prefixes in the database", "wall, s", "CPU, s", "most in memory, MiB", "prefixes found", "left to a person"], rows, 0)}`,
  };
}

/** A line a prefix, as databases in MaxMind's format have it, and not a line a range. */
async function writePrefixes(file) {
  const folder = dirname(createRequire(import.meta.url).resolve("@ip-location-db/asn/package.json"));
  const out = createWriteStream(file);
  for (const [name, width] of [["asn-ipv4-num.csv", 32], ["asn-ipv6-num.csv", 128]]) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      const [, first, last, rest] = /^(\d+),(\d+),(.*)$/.exec(line) ?? [];
      if (!rest) continue;
      const prefixes = [];
      cover(BigInt(first), BigInt(last), width, prefixes);
      for (const { bits, length } of prefixes) {
        const end = BigInt(bits) + (1n << BigInt(width - length)) - 1n;
        out.write(`${textOf(bits)},${textOf(width === 32 ? Number(end) : end)},${rest}\n`);
      }
    }
  }
  out.end();
  await finished(out);
}
