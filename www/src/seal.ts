// The seal behind a bundle: who answers for it, and how long. Laid out in `src/bundle/seal.rs`; checked before anything of the bundle is read.

import { bytesOf, hexOf } from "./hex.ts";

/** What a good seal says. */
export interface Seal {
  site: string;
  environment: string;
  /** Counts up from bundle to bundle. */
  counter: number;
  /** Unix seconds; so the next, after which the bundle counts no more. */
  created: number;
  expires: number;
}

/** Whether a signature is one of a message by a key. */
export type Verify = (key: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>) => boolean | Promise<boolean>;

/** What is sealed. */
export const BUNDLE = 1;
export const SLICE = 2;

const LENGTH_OFFSET = 48;
const CHECKSUM_OFFSET = 12;
const CHECKSUM_SIZE = 32;
/** As in `src/limit.rs`. */
const LIFE_SECONDS_MAX = 30 * 86_400;
const STALE_SECONDS = 7 * 86_400;
const SKEW_SECONDS = 86_400;
/** `NPSEALED` and the version. */
const HEAD = [78, 80, 83, 69, 65, 76, 69, 68, 1];
const COUNTER_OFFSET = 18;
const SEALED_CHECKSUM_OFFSET = 42;
const TEXTS_OFFSET = 74;
const SIGNATURE_SIZE = 64;

/** The bundle in `bytes` without the seal behind it, and the bytes of that. */
export function unseal(bytes: Uint8Array<ArrayBuffer>): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
  const length = bytes.length < LENGTH_OFFSET + 4 ? bytes.length : view(bytes).getUint32(LENGTH_OFFSET, true);
  const seal = bytes.subarray(length);
  return HEAD.every((byte, at) => seal[at] === byte) ? [bytes.subarray(0, length), seal] : [bytes, bytes.subarray(bytes.length)];
}

/**
 * The bundle in `bytes` without its seal, and what that says, if it is of this kind and one of the keys has signed it (as `nameplate keygen`
 * writes them, with spaces between). What the bundle's checksum says is for whoever opens it to check. Rejects with an `Error` that says
 * what is wrong.
 */
export async function check(bytes: Uint8Array<ArrayBuffer>, kind: number, keys: string, now: number, verify: Verify): Promise<[Uint8Array<ArrayBuffer>, Seal]> {
  const [bundle, sealed] = unseal(bytes);
  if (sealed.length === 0) throw new Error("expected a signature, found none");
  if (sealed.length < TEXTS_OFFSET + SIGNATURE_SIZE) throw new Error("the signature is cut short");
  const said = sealed.slice(0, -SIGNATURE_SIZE);
  if (!(await isSigned(keys, said, sealed.slice(-SIGNATURE_SIZE), verify))) throw new Error("the signature is wrong, or of a key that is none of those given");
  const seal = readSeal(said);
  const checksum = said.subarray(SEALED_CHECKSUM_OFFSET, TEXTS_OFFSET);
  if (said[HEAD.length] !== kind || checksum.some((byte, at) => byte !== bundle[CHECKSUM_OFFSET + at])) throw new Error("the signature is of something else");
  if (seal.created > now + SKEW_SECONDS) throw new Error("the signature is of a time that has not come yet");
  if (now > lastSecond(seal)) throw new Error("the signature has expired");
  return [bundle, seal];
}

/** The last second in which it counts, Unix seconds. */
export function lastSecond({ created, expires }: Seal): number {
  return Math.min(expires, created + LIFE_SECONDS_MAX);
}

/** Whether its bundle is so old that somebody should ask why. */
export function isStale({ created }: Seal, now: number): boolean {
  return now > created + STALE_SECONDS;
}

/** What stands for the content of a bundle, sealed or not: the checksum in its head, its SHA-256, in hexadecimal. */
export function checksumOf(bytes: Uint8Array): string {
  return hexOf(bytes.subarray(CHECKSUM_OFFSET, CHECKSUM_OFFSET + CHECKSUM_SIZE));
}

async function isSigned(keys: string, said: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, verify: Verify): Promise<boolean> {
  for (const key of keys.trim().split(/\s+/)) {
    const digits = /^np-public-([0-9a-f]{64})$/.exec(key)?.[1];
    if (digits === undefined) throw new Error("expected public keys, `np-public-` and 64 hexadecimal digits each");
    if (await verify(bytesOf(digits), said, signature)) return true;
  }
  return false;
}

/** Whoever has the key wrote this: it is as it should be. */
function readSeal(said: Uint8Array<ArrayBuffer>): Seal {
  const number = (at: number): number => view(said).getUint32(at, true) + view(said).getUint32(at + 4, true) * 2 ** 32;
  let at = TEXTS_OFFSET;
  const text = (): string => {
    const end = at + 1 + (said[at] ?? 0);
    const bytes = said.subarray(at + 1, end);
    at = end;
    return new TextDecoder().decode(bytes);
  };
  const [site, environment] = [text(), text()];
  return { site, environment, counter: number(COUNTER_OFFSET), created: number(COUNTER_OFFSET + 8), expires: number(COUNTER_OFFSET + 16) };
}

function view({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer, byteOffset, length);
}
