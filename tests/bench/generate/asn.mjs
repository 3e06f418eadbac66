// Organisations and their prefixes, from the public table of address ranges that the npm package `@ip-location-db/asn`
// ships (CC BY 4.0; data/README.md credits it). Ranges become the fewest prefixes that cover them.

import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { formatV4, formatV6 } from "./addresses.mjs";

const folder = dirname(createRequire(import.meta.url).resolve("@ip-location-db/asn/package.json"));

/** Every organisation: `{ name, asn, v4: [{ bits, length }], v6: [...] }`, `bits` as a number or a BigInt; by name. */
export async function organisations() {
  const found = new Map();
  for (const [file, family] of [["asn-ipv4-num.csv", "v4"], ["asn-ipv6-num.csv", "v6"]]) {
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      const parts = /^(\d+),(\d+),(\d+),"?(.*?)"?$/.exec(line);
      if (!parts) continue;
      const [, first, last, asn, quoted] = parts;
      const name = quoted.replaceAll('""', '"').trim();
      if (name === "") continue;
      let organisation = found.get(name);
      if (!organisation) found.set(name, (organisation = { name, asn, v4: [], v6: [] }));
      cover(BigInt(first), BigInt(last), family === "v4" ? 32 : 128, organisation[family]);
    }
  }
  // Only those that IPv4 knows: few sites are reached over IPv6 alone.
  return [...found.values()].filter(({ v4 }) => v4.length > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The fewest prefixes from `first` to `last`, numbers of so many bits. */
export function cover(first, last, width, into) {
  while (first <= last) {
    let free = 0;
    while (free < width && ((first >> BigInt(free)) & 1n) === 0n) {
      if (first + (1n << BigInt(free + 1)) - 1n > last) break;
      free++;
    }
    into.push({ bits: width === 32 ? Number(first) : first, length: width - free });
    first += 1n << BigInt(free);
  }
}

/** An address: a number is IPv4, a BigInt IPv6. */
export const textOf = (bits) => (typeof bits === "bigint" ? formatV6(bits) : formatV4(bits));

export const prefixText = ({ bits, length }) => `${textOf(bits)}/${length}`;
