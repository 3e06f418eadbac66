// Which address is the client's, as `src/net/client.rs` has it: from one source, with none to fall back on. Both are held to the same
// table of requests, `tests/client.txt`.

import { type Address, contains, parseAddress, parsePrefix, type Prefix, spell, translated } from "./prefix.ts";

/** Headers of one address, which the network before the server overwrites. */
const HEADERS = ["cf-connecting-ip", "true-client-ip", "fastly-client-ip", "x-real-ip", "x-vercel-forwarded-for"] as const;

/** Where the client's address is. For N stands the number of proxies of one's own, or the prefixes that they call from: `10.0.0.0/8,fd00::/8`. */
export type AddressSource = "socket" | (typeof HEADERS)[number] | `x-forwarded-for=${string}` | `forwarded=${string}`;

export interface AddressPolicy {
  source: AddressSource;
  /** The prefixes under which translators before the server write IPv4 addresses as IPv6: `64:ff9b::/96`. */
  nat64?: readonly string[];
}

type Find = (headers: Headers, socket: string | null) => Address | null;

/** Which of those that proxies heard is the client, the latest last. `null` stands for somebody without an address. */
type Choose = (entries: readonly (Address | null)[], socket: string | null) => Address | null;

const EXPECTED = `expected \`socket\`, a header of one address (\`${HEADERS.join("`, `")}\`), \`x-forwarded-for=N\` or \`forwarded=N\` with the number of your proxies, or with their prefixes in the place of N`;
const PORT = /^\d{1,5}$/;
const PORT_MAX = 65_535;
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]*/y;
/** No token may hold brackets and colons, but many proxies forget the quotes. */
const LOOSE_TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z[\]:]+/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const BLANKS = /[ \t]*/y;

/**
 * The client's address, or `null` where the request does not say it in the one way that counts. `socket` is the other end of the connection.
 * Throws for a policy that is none.
 */
export function parseClientAddress(policy: AddressSource | AddressPolicy, headers: Headers, socket?: string | null): string | null {
  return policyFinder(policy)(headers, socket ?? null);
}

/** Throws for a policy that is none. */
export function policyFinder(policy: AddressSource | AddressPolicy): (headers: Headers, socket: string | null) => string | null {
  const { source, nat64 } = typeof policy === "object" && policy !== null ? policy : { source: policy, nat64: undefined };
  const find = sourceFinder(source);
  const translate = translator(nat64);
  return (headers, socket) => {
    const found = find(headers, socket);
    return found === null ? null : translate(spell(found));
  };
}

function sourceFinder(source: AddressSource): Find {
  if (source === "socket") return (_, socket) => parseAddress(socket ?? "");
  const header = HEADERS.find((name) => name === source);
  if (header !== undefined) return (headers) => parseAddress(trimmed(headers.get(header) ?? ""));
  const [, list, trusted] = /^(x-forwarded-for|forwarded)=(.*)$/s.exec(source) ?? [];
  const choose = trusted === undefined ? null : chooser(trusted);
  if (list === undefined || choose === null) throw new Error(`${EXPECTED}, or a function, as \`clientAddress\``);
  const read = list === "forwarded" ? forwarded : (text: string) => text.split(",").map((entry) => node(trimmed(entry)));
  return (headers, socket) => {
    const entries = read(headers.get(list) ?? "");
    return entries === null ? null : choose(entries, socket);
  };
}

function chooser(trusted: string): Choose | null {
  if (trusted.includes("/")) {
    const prefixes = trusted.split(",").map((text) => parsePrefix(text.trim()));
    return prefixes.includes(null) ? null : lastForeign(prefixes as Prefix[]);
  }
  const hops = /^\d+$/.test(trusted) ? Number(trusted) : 0;
  return hops > 0 && Number.isSafeInteger(hops) ? (entries) => entries.at(-hops) ?? null : null;
}

function lastForeign(prefixes: readonly Prefix[]): Choose {
  const isOurs = (address: Address | null) => address !== null && prefixes.some((prefix) => contains(prefix, address));
  // Who is none of our proxies can write what he likes.
  return (entries, socket) => (isOurs(parseAddress(socket ?? "")) ? (entries.findLast((entry) => !isOurs(entry)) ?? null) : null);
}

/** Puts the IPv4 address in the place of one that a translator wrote under one of these prefixes. */
export function translator(nat64: readonly string[] = []): (address: string | null) => string | null {
  const prefixes = nat64.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix === null || prefix.words.length !== 4 || ![32, 40, 48, 56, 64, 96].includes(prefix.length)) throw new Error(`expected the prefix of a translator, of 32, 40, 48, 56, 64 or 96 bits, in \`nat64\`, found \`${text}\``);
    return prefix;
  });
  if (prefixes.length === 0) return (address) => address;
  return (text) => {
    const address = parseAddress(text ?? "");
    if (address === null) return text;
    for (const prefix of prefixes) {
      const found = translated(prefix, address);
      if (found !== null) return spell(found);
    }
    return text;
  };
}

function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

/** The address of somebody who is named by address, with or without a port; IPv6 in brackets, where a port follows. */
function node(text: string): Address | null {
  if (text.startsWith("[")) {
    const [, bracketed, behind] = /^\[([^\]]*:[^\]]*)\](.*)$/s.exec(text) ?? [];
    return bracketed !== undefined && (behind === "" || isPort(behind!.slice(1), behind![0])) ? parseAddress(bracketed) : null;
  }
  // One colon is before a port; more are IPv6.
  const [address, port, ...more] = text.split(":");
  if (port === undefined || more.length > 0) return parseAddress(text);
  return isPort(port, ":") ? parseAddress(address!) : null;
}

function isPort(text: string, before: string | undefined): boolean {
  return before === ":" && PORT.test(text) && Number(text) <= PORT_MAX;
}

/** Whom the elements of `Forwarded` are `for`. `null` where it is malformed anywhere: what stands behind an unclosed quote could be anybody's. */
function forwarded(text: string): (Address | null)[] | null {
  // In other letters hosts do not agree what stands there.
  if (/[^\0-\x7f]/.test(text)) return null;
  const entries: (Address | null)[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found;
  };
  for (;;) {
    let whom: string | null = null;
    do {
      next(BLANKS);
      const name = next(TOKEN)![0];
      // Lists may have empty elements, and elements empty pairs.
      if (name !== "") {
        if (text[at] !== "=") return null;
        at += 1;
        const value = text[at] === '"' ? next(QUOTED)?.[1]?.replace(/\\([^])/g, "$1") : next(LOOSE_TOKEN)?.[0];
        if (value === undefined) return null;
        if (name.toLowerCase() === "for") {
          if (whom !== null) return null;
          whom = value;
        }
      }
      next(BLANKS);
    } while (text[at] === ";" && (at += 1));
    entries.push(whom === null ? null : node(whom));
    if (at === text.length) return entries;
    if (text[at] !== ",") return null;
    at += 1;
  }
}
