// Addresses as text, and which of them lie in the public internet.

export const formatV4 = (bits) => [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");

/** As RFC 5952 writes it: the longest run of zero groups becomes `::`. */
export function formatV6(bits) {
  const groups = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((bits >> shift) & 0xffffn).toString(16));
  let best = { at: -1, count: 1 };
  for (let at = 0; at < 8; at++) {
    let count = 0;
    while (at + count < 8 && groups[at + count] === "0") count++;
    if (count > best.count) best = { at, count };
  }
  if (best.at < 0) return groups.join(":");
  return `${groups.slice(0, best.at).join(":")}::${groups.slice(best.at + best.count).join(":")}`;
}

const v4 = (a, b, length) => ({ bits: a * 2 ** 24 + b * 2 ** 16, length });
/** Special-purpose IPv4 space that matters at the width of announced prefixes. */
const SPECIAL_V4 = [
  v4(0, 0, 8), v4(10, 0, 8), v4(100, 64, 10), v4(127, 0, 8), v4(169, 254, 16), v4(172, 16, 12), v4(192, 168, 16),
  v4(198, 18, 15), v4(224, 0, 3),
  ...[[192, 0, 0], [192, 0, 2], [192, 88, 99], [192, 31, 196], [198, 51, 100], [203, 0, 113]].map(([a, b, c]) => ({
    bits: a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8,
    length: 24,
  })),
];
const SPECIAL_V6 = [[0x2001n << 112n, 23], [0x20010db8n << 96n, 32], [0x2002n << 112n, 16], [0x3fffn << 112n, 20]];

/** Whether no part of a prefix is special: such prefixes match nobody, in our table by design. */
export function isPublic({ bits, length }) {
  if (typeof bits === "bigint") {
    if (bits >> 125n !== 1n || length < 16) return false;
    return SPECIAL_V6.every(([special, other]) => !overlaps(bits, length, special, other, 128));
  }
  return length >= 8 && SPECIAL_V4.every((special) => !overlaps(BigInt(bits), length, BigInt(special.bits), special.length, 32));
}

function overlaps(a, lengthA, b, lengthB, width) {
  const shift = BigInt(width - Math.min(lengthA, lengthB));
  return a >> shift === b >> shift;
}

/** Longest-prefix match by trying every length: slow, simple, and the judge of every answer. */
export class Judge {
  #v4 = new Map();
  #v6 = new Map();

  constructor(networks) {
    for (const { bits, length, account } of networks) {
      const [lengths, width] = typeof bits === "bigint" ? [this.#v6, 128n] : [this.#v4, 32n];
      if (!lengths.has(length)) lengths.set(length, new Map());
      lengths.get(length).set(BigInt(bits) >> (width - BigInt(length)), account);
    }
    for (const name of ["v4", "v6"]) {
      const lengths = name === "v4" ? this.#v4 : this.#v6;
      const sorted = [...lengths].sort(([a], [b]) => b - a);
      if (name === "v4") this.#v4 = sorted;
      else this.#v6 = sorted;
    }
  }

  /** The account of an address given in bits, or `null`. */
  find(bits) {
    const [lengths, width] = typeof bits === "bigint" ? [this.#v6, 128n] : [this.#v4, 32n];
    for (const [length, accounts] of lengths) {
      const account = accounts.get(BigInt(bits) >> (width - BigInt(length)));
      if (account !== undefined) return account;
    }
    return null;
  }
}
