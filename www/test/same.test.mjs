// Whole address databases: the package says of every prefix and of a million addresses what the library says, and so what the crate
// `maxminddb` says. All come to the digests of tests/mmdb/same.txt, see tests/it/mmdb/same.rs.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Database } from "nameplate/geo";

const ADDRESSES = 1_000_000;
const DIGESTED_CHARS = 64 << 10;
const here = new URL("../../", import.meta.url);

/** Lines, as tests/it digests them too. */
class Lines {
  #digest = createHash("sha256");
  #text = "";

  /** Of what is found. */
  add(head, { kind, record }) {
    assert.notEqual(kind, "not-answerable");
    this.#text += kind === "record" ? `${head}\t${record.asn ?? 0}\t${record.organisation ?? ""}\t${record.country ?? ""}\n` : `${head}\n`;
    if (this.#text.length > DIGESTED_CHARS) this.#flush();
  }

  end() {
    this.#flush();
    return this.#digest.digest("hex");
  }

  #flush() {
    this.#digest.update(this.#text);
    this.#text = "";
  }
}

const v4 = (bits) => `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
const groups = (bits) => `${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}`;

/** Chance that is the same in every language: see tests/it/mmdb/same.rs. */
function* addresses() {
  let state = 2_463_534_242;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let at = 0; at < ADDRESSES; at += 1) {
    const first = next();
    if (at % 2 === 0) yield v4(first);
    else yield `${groups((first >>> 8) | 0x2a00_0000)}:${groups(next())}::`;
  }
}

/** The first address and the length of every prefix of a database, read out of its tree; those of IPv4 once, whatever else leads to them. */
function* prefixes(bytes, { nodeCount, ipVersion }) {
  // The tree ends where sixteen zeros and the data begin: a node of one of three sizes.
  const width = [6, 7, 8].find((size) => isSeparator(bytes, nodeCount * size));
  const child = (node, side) => {
    const at = node * width;
    if (width === 6) return bytes.readUIntBE(at + 3 * side, 3);
    if (width === 8) return bytes.readUInt32BE(at + 4 * side);
    const middle = bytes[at + 3];
    return ((side === 0 ? middle >> 4 : middle & 15) << 24) | bytes.readUIntBE(at + 4 * side, 3);
  };
  let ofV4 = 0;
  for (let depth = 0; ipVersion === 6 && depth < 96 && ofV4 < nodeCount; depth += 1) ofV4 = child(ofV4, 0);
  const stack = [[0, 0, [0, 0, 0, 0]]];
  while (stack.length > 0) {
    const [node, depth, words] = stack.pop();
    const isV4 = ipVersion === 4 || (depth >= 96 && words[0] === 0 && words[1] === 0 && words[2] === 0);
    if (node === ofV4 && depth > 0 && !isV4) continue;
    if (node === nodeCount) continue;
    if (node > nodeCount) {
      yield isV4 ? [v4(words[ipVersion === 4 ? 0 : 3]), ipVersion === 4 ? depth : depth - 96] : [words.map(groups).join(":"), depth];
      continue;
    }
    const other = words.slice();
    other[depth >> 5] |= 1 << (31 - (depth & 31));
    stack.push([child(node, 1), depth + 1, other], [child(node, 0), depth + 1, words]);
  }
}

const isSeparator = (bytes, at) => bytes.subarray(at, at + 16).every((byte) => byte === 0);

const rows = readFileSync(new URL("tests/mmdb/same.txt", here), "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
for (const row of rows) {
  const [path] = row.split("\t");
  test(`the package finds what the library finds: ${path}`, async () => {
    const bytes = readFileSync(new URL(path, here));
    const database = await Database.load(bytes);
    let [prefixCount, foundCount] = [0, 0];
    const [ofPrefixes, ofAddresses] = [new Lines(), new Lines()];
    for (const [address, length] of prefixes(bytes, database.about)) {
      ofPrefixes.add(length, database.find(address));
      prefixCount += 1;
    }
    for (const address of addresses()) {
      const found = database.find(address);
      ofAddresses.add("", found);
      if (found.kind === "record") foundCount += 1;
    }
    database.free();
    assert.equal([path, prefixCount, ofPrefixes.end(), foundCount, ofAddresses.end()].join("\t"), row);
  });
}
