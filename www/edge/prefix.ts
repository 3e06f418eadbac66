// Addresses and prefixes as `src/net/address.rs` and `src/net/prefix.rs` have them: for what has to be told of an address before the core
// gets it.

import { pair, parseV4, parseV6 } from "../src/address.ts";

/** An address in words of 32 bits: one, or four of IPv6. An IPv4 address inside IPv6 is the IPv4 address. */
export interface Address {
  words: readonly number[];
}

export interface Prefix extends Address {
  length: number;
}

const WIDTH = 32;

/** The address that a text spells with nothing around it, or `null`. */
export function parseAddress(text: string): Address | null {
  const v4 = parseV4(text);
  if (v4 >= 0) return { words: [v4] };
  const words = wordsOfV6(text);
  if (words === null) return null;
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? { words: words.slice(3) } : { words };
}

/** The prefix that a text spells, without host bits, or `null`. */
export function parsePrefix(text: string): Prefix | null {
  const [, address, digits] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  if (address === undefined) return null;
  const length = Number(digits);
  const found = parseAddress(address);
  // Whoever means IPv4 can write IPv4.
  if (found === null || length > found.words.length * WIDTH || (found.words.length === 1 && address.includes(":"))) return null;
  return found.words.every((word, at) => (word & ~mask(length, at)) === 0) ? { ...found, length } : null;
}

export function contains({ words, length }: Prefix, address: Address): boolean {
  return words.length === address.words.length && words.every((word, at) => ((word ^ address.words[at]!) & mask(length, at)) === 0);
}

/** The address as a visit brings it. */
export function spell({ words }: Address): string {
  const [first, ...others] = words;
  const byte = (at: number) => (first! >>> at) & 0xff;
  if (others.length === 0) return `${byte(24)}.${byte(16)}.${byte(8)}.${byte(0)}`;
  return words.map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`).join(":");
}

/** The IPv4 address that a translator wrote under its prefix (RFC 6052), or `null`: as `src/net/nat64.rs`. */
export function translated(prefix: Prefix, address: Address): Address | null {
  if (!contains(prefix, address)) return null;
  let word = 0;
  for (let at = prefix.length / 8, left = 4; left > 0; at += 1) {
    // A byte in the middle is left out.
    if (at === 8) continue;
    word = (word << 8) | ((address.words[at >> 2]! >>> (24 - 8 * (at & 3))) & 0xff);
    left -= 1;
  }
  return { words: [word >>> 0] };
}

/** The bits of the word at a place that a prefix of this length has. */
function mask(length: number, at: number): number {
  const bits = length - at * WIDTH;
  // A shift by the full width is none.
  return bits <= 0 ? 0 : bits >= WIDTH ? -1 : -1 << (WIDTH - bits);
}

function wordsOfV6(text: string): number[] | null {
  const groups = new Uint16Array(8);
  if (!parseV6(text, groups) && !parseV6(inHexadecimal(text), groups)) return null;
  return [0, 2, 4, 6].map((at) => pair(groups, at) >>> 0);
}

/** The same address without the dots that its end may have. */
function inHexadecimal(text: string): string {
  const [, before, v4] = /^(.*:)([0-9.]{7,15})$/.exec(text) ?? [];
  const tail = v4 === undefined ? -1 : parseV4(v4);
  return tail < 0 ? text : `${before}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`;
}
