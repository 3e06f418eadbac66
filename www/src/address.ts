// IPv4 addresses as numbers. The core parses every other text; this one saves the way of a text across the boundary.

const ZERO = 0x30;
const DOT = 0x2e;

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
      bits = bits * 256 + octet;
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
  return octet < 0 || dots !== 3 ? -1 : bits * 256 + octet;
}
