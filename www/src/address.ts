// Addresses as numbers, which saves the way of a text across the boundary. Takes only what is surely an address; all other texts
// are left to the core, whose parser has the last word.

const ZERO = 0x30;
/** Any more than 9. */
const NO_DIGIT = 10;
const DOT = 0x2e;
const COLON = 0x3a;
/** The longest in hexadecimal, `ffff:` eight times without the last colon. */
const V6_LENGTH_MAX = 39;
const GROUPS = 8;
/** The last character of ASCII. */
const LAST = 127;
/** Any more than 15: what a byte makes of -1. */
const NO_HEX = 255;
/** The value of each hexadecimal digit by its character. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, unit) => "0123456789abcdef".indexOf(String.fromCharCode(unit).toLowerCase()));

/**
 * The address that a text spells in four decimal numbers without leading zeros, or -1.
 *
 * How long each number is nobody can foresee, a processor neither: a branch on it would cost more than reading three characters of each.
 */
export function parseV4(text: string): number {
  const length = text.length;
  if (length < 7 || length > 15) return -1;
  let bits = 0;
  let at = 0;
  for (let dots = 0; dots < 4; dots += 1) {
    if (at >= length) return -1;
    const first = decimal(text.charCodeAt(at));
    const second = at + 1 < length ? decimal(text.charCodeAt(at + 1)) : NO_DIGIT;
    const third = at + 2 < length ? decimal(text.charCodeAt(at + 2)) : NO_DIGIT;
    // All bits where the number ends before its second digit, and before its third.
    const isOne = (9 - second) >> 31;
    const isTwo = isOne | ((9 - third) >> 31);
    const two = first + ((first * 9 + second) & ~isOne);
    const octet = two + ((two * 9 + third) & ~isTwo);
    // A leading zero could mean octal.
    if (first > 9 || octet > 255 || (first === 0 && isOne === 0)) return -1;
    at += 3 + isOne + isTwo;
    if (at < length ? dots === 3 || text.charCodeAt(at) !== DOT : dots < 3) return -1;
    at += 1;
    bits = (bits << 8) | octet;
  }
  return bits >>> 0;
}

/** The value of a decimal digit; of any other character more than 9. */
function decimal(unit: number): number {
  return unit ^ ZERO;
}

/**
 * The group that begins at a place, and above its 16 bits how many digits it has, none to four. No branch depends on how many: see `parseV4`.
 */
function groupAt(text: string, at: number): number {
  if (at + 4 > text.length) return lastGroup(text, at);
  // A list to take apart would cost as much as reading two.
  const a = text.charCodeAt(at);
  const b = text.charCodeAt(at + 1);
  const c = text.charCodeAt(at + 2);
  const d = text.charCodeAt(at + 3);
  if ((a | b | c | d) > LAST) return 0;
  const first = DIGITS[a]!;
  const second = DIGITS[b]!;
  const third = DIGITS[c]!;
  const fourth = DIGITS[d]!;
  // All bits where there is a digit, and one before it.
  const isOne = (first - 16) >> 31;
  const isTwo = isOne & ((second - 16) >> 31);
  const isThree = isTwo & ((third - 16) >> 31);
  const isFour = isThree & ((fourth - 16) >> 31);
  const digits = -(isOne + isTwo + isThree + isFour);
  const four = ((first & 15) << 12) | ((second & 15) << 8) | ((third & 15) << 4) | (fourth & 15);
  return (digits << 16) | (four >> (16 - 4 * digits));
}

/** The same where less than four characters are left. */
function lastGroup(text: string, from: number): number {
  let group = 0;
  let at = from;
  for (; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const digit = unit > LAST ? NO_HEX : DIGITS[unit]!;
    if (digit > 15) break;
    group = (group << 4) | digit;
  }
  return ((at - from) << 16) | group;
}

/** Writes the eight groups of the address that a text spells in hexadecimal; whether it spells one. */
export function parseV6(text: string, groups: Uint16Array): boolean {
  const length = text.length;
  if (length < 2 || length > V6_LENGTH_MAX) return false;
  let count = 0;
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false;
    gap = 0;
    at = 2;
  }
  while (at < length) {
    const group = groupAt(text, at);
    if (group >> 16 === 0 || count === GROUPS) return false;
    groups[count] = group;
    count += 1;
    at += group >> 16;
    if (at === length) break;
    // A colon stands between two groups, two of them for a gap, which may be the end.
    if (text.charCodeAt(at) !== COLON) return false;
    at += 1;
    if (at === length) return false;
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return false;
      gap = count;
      at += 1;
    }
  }
  // A gap stands for one group of zeros at least.
  if (gap < 0 || count === GROUPS) return gap < 0 && count === GROUPS;
  const zeros = GROUPS - count;
  for (let place = count - 1; place >= gap; place -= 1) groups[place + zeros] = groups[place]!;
  for (let place = gap; place < gap + zeros; place += 1) groups[place] = 0;
  return true;
}

/** Two groups of an address as one number. */
export function pair(groups: Uint16Array, at: number): number {
  return (groups[at]! << 16) | groups[at + 1]!;
}
