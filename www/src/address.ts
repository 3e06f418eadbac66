// Addresses as numbers, which saves the way of a text across the boundary. Takes only what is surely an address; all other texts
// are left to the core, whose parser has the last word.

const ZERO = 0x30;
const DOT = 0x2e;
const COLON = 0x3a;
/** The longest in hexadecimal, `ffff:` eight times without the last colon. */
const V6_LENGTH_MAX = 39;
const GROUPS = 8;
/** The value of each hexadecimal digit by its character, -1 for no digit. */
const DIGITS = Int8Array.from({ length: 128 }, (_, unit) => "0123456789abcdef".indexOf(String.fromCharCode(unit).toLowerCase()));

/** The address that a text spells in four decimal numbers without leading zeros, or -1. */
export function parseV4(text: string): number {
  if (text.length < 7 || text.length > 15) return -1;
  let bits = 0;
  let octet = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === DOT) {
      if (octet < 0 || dots === 3) return -1;
      bits = (bits << 8) | octet;
      octet = -1;
      dots += 1;
    } else {
      const digit = unit - ZERO;
      // A leading zero could mean octal.
      if (digit < 0 || digit > 9 || octet === 0) return -1;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return -1;
    }
  }
  return octet < 0 || dots !== 3 ? -1 : ((bits << 8) | octet) >>> 0;
}

/** Writes the eight groups of the address that a text spells in hexadecimal; whether it spells one. */
export function parseV6(text: string, groups: Uint16Array): boolean {
  const length = text.length;
  if (length < 2 || length > V6_LENGTH_MAX) return false;
  let count = 0;
  let gap = -1;
  let group = 0;
  let digits = 0;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false;
    gap = 0;
    at = 2;
  }
  for (; at < length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit !== COLON) {
      const digit = unit < 128 ? DIGITS[unit]! : -1;
      if (digit < 0 || digits === 4) return false;
      group = (group << 4) | digit;
      digits += 1;
    } else if (digits > 0) {
      // A colon stands between two groups, the last of which is the eighth.
      if (count === GROUPS - 1 || at + 1 === length) return false;
      groups[count] = group;
      count += 1;
      group = 0;
      digits = 0;
    } else {
      if (gap >= 0) return false;
      gap = count;
    }
  }
  if (digits > 0) {
    groups[count] = group;
    count += 1;
  }
  // A gap stands for one group of zeros at least.
  if (gap < 0 || count === GROUPS) return gap < 0 && count === GROUPS;
  const zeros = GROUPS - count;
  for (let place = count - 1; place >= gap; place -= 1) groups[place + zeros] = groups[place]!;
  for (let place = gap; place < gap + zeros; place += 1) groups[place] = 0;
  return true;
}
