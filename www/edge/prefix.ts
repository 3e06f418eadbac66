// Addresses and prefixes as `src/net/address.rs` and `src/net/prefix.rs` have them: for what has to be told of an address before the core
// gets it.

import { parseV4, parseV6 } from "../src/address.ts";

/** An address; an IPv4 address inside IPv6 is the IPv4 address. */
export interface Address {
  bits: bigint;
  width: 32 | 128;
}

export interface Prefix extends Address {
  length: number;
}

const V4_IN_V6 = 0xffffn;

/** The address that a text spells with nothing around it, or `null`. */
export function parseAddress(text: string): Address | null {
  const v4 = parseV4(text);
  if (v4 >= 0) return { bits: BigInt(v4), width: 32 };
  const bits = bitsOfV6(text);
  if (bits === null) return null;
  return bits >> 32n === V4_IN_V6 ? { bits: BigInt.asUintN(32, bits), width: 32 } : { bits, width: 128 };
}

/** The prefix that a text spells, without host bits, or `null`. */
export function parsePrefix(text: string): Prefix | null {
  const [, address, digits] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  if (address === undefined) return null;
  const length = Number(digits);
  const found = parseAddress(address);
  // Whoever means IPv4 can write IPv4.
  if (found === null || length > found.width || (found.width === 32 && address.includes(":"))) return null;
  const prefix = { ...found, length };
  return head(found, length) << BigInt(found.width - length) === found.bits ? prefix : null;
}

export function contains({ bits, width, length }: Prefix, address: Address): boolean {
  return width === address.width && head({ bits, width }, length) === head(address, length);
}

/** The address as a visit brings it. */
export function spell({ bits, width }: Address): string {
  const part = (size: bigint, at: bigint) => (bits >> (size * at)) & ((1n << size) - 1n);
  if (width === 32) return [3n, 2n, 1n, 0n].map((at) => part(8n, at)).join(".");
  return [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((at) => part(16n, at).toString(16)).join(":");
}

/** The IPv4 address that a translator wrote under its prefix (RFC 6052), or `null`: as `src/net/nat64.rs`. */
export function translated(prefix: Prefix, address: Address): Address | null {
  if (!contains(prefix, address)) return null;
  const { bits } = address;
  const withoutGap = ((bits >> 64n) << 56n) | BigInt.asUintN(56, bits);
  const behind = prefix.length === 96 ? bits : withoutGap >> BigInt(88 - prefix.length);
  return { bits: BigInt.asUintN(32, behind), width: 32 };
}

/** The first bits. */
function head({ bits, width }: Address, length: number): bigint {
  return bits >> BigInt(width - length);
}

function bitsOfV6(text: string): bigint | null {
  const groups = new Uint16Array(8);
  const [, before, v4] = /^(.*:)([0-9.]{7,15})$/.exec(text) ?? [];
  const tail = v4 === undefined ? -1 : parseV4(v4);
  const spelled = tail < 0 ? text : `${before}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`;
  return parseV6(spelled, groups) ? groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n) : null;
}
