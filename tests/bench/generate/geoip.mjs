// Writes prefixes in the four files that `geoip-lite` reads, its city form: sorted ranges, each pointing to a location whose
// city is the account's id. The layout is the one of its own `lib/geoip.js`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LOCATION = 88;

export function writeGeoip(folder, networks, accounts) {
  mkdirSync(folder, { recursive: true });
  const names = Buffer.alloc(accounts.length * LOCATION);
  accounts.forEach(({ id }, at) => {
    names.write("DE", at * LOCATION);
    names.write("0", at * LOCATION + 9);
    names.write("Europe/Berlin", at * LOCATION + 10);
    names.write(id, at * LOCATION + 42, 46);
  });
  writeFileSync(join(folder, "geoip-city-names.dat"), names);
  const ranges = (isWanted) => stretches(networks.filter(({ bits }) => isWanted(typeof bits === "bigint")));
  writeFileSync(join(folder, "geoip-city.dat"), rangesV4(ranges((isV6) => !isV6)));
  writeFileSync(join(folder, "geoip-city6.dat"), rangesV6(ranges((isV6) => isV6)));
}

function rangesV4(found) {
  const bytes = Buffer.alloc(found.length * 24);
  found.forEach(({ first, last, account }, at) => {
    bytes.writeUInt32BE(Number(first), at * 24);
    bytes.writeUInt32BE(Number(last), at * 24 + 4);
    bytes.writeUInt32BE(account, at * 24 + 8);
  });
  return bytes;
}

function rangesV6(found) {
  const bytes = Buffer.alloc(found.length * 48);
  const address = (value, at) => {
    bytes.writeBigUInt64BE(value >> 64n, at);
    bytes.writeBigUInt64BE(value & 0xffffffffffffffffn, at + 8);
  };
  found.forEach(({ first, last, account }, at) => {
    address(first, at * 48);
    address(last, at * 48 + 16);
    bytes.writeUInt32BE(account, at * 48 + 32);
  });
  return bytes;
}

/** Nested prefixes as ranges that stand apart: the longest prefix of every address. */
function stretches(networks) {
  const found = [];
  const open = [];
  let next = 0n;
  const emit = (last) => {
    if (open.length > 0 && next <= last) found.push({ first: next, last, account: open.at(-1).account });
    next = last + 1n;
  };
  // Sorted by address, wider first: `networks` comes so.
  for (const { bits, length, account } of networks) {
    const first = BigInt(bits);
    const last = first + (1n << BigInt((typeof bits === "bigint" ? 128 : 32) - length)) - 1n;
    while (open.length > 0 && open.at(-1).last < first) {
      emit(open.at(-1).last);
      open.pop();
    }
    emit(first - 1n);
    open.push({ last, account });
  }
  while (open.length > 0) {
    emit(open.at(-1).last);
    open.pop();
  }
  return found;
}
