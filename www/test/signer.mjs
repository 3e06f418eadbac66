// Signs bundles and slices as `src/bundle/seal.rs` says, written anew from that: what signs and what checks must not share a mistake.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";

export const DAY = 86_400;
export const now = () => Math.floor(Date.now() / 1000);

/** A key, its public half as the program writes it. */
export function newKey() {
  const { privateKey } = generateKeyPairSync("ed25519");
  return keyOf(privateKey);
}

/** The same from a secret key as the program writes it. */
export function readKey(text) {
  const seed = Buffer.from(text.trim().replace("np-secret-", ""), "hex");
  return keyOf(createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" }));
}

function keyOf(privateKey) {
  const bytes = Buffer.from(createPublicKey(privateKey).export({ format: "jwk" }).x, "base64url");
  return { privateKey, bytes, publicKey: `np-public-${bytes.toString("hex")}` };
}

/** `bundle` with a seal behind it; `changes` are to what it says. */
export function seal(bundle, key, changes = {}) {
  const said = { kind: 1, site: "Tidewater", environment: "production", counter: 7, created: now(), expires: now() + DAY, checksum: bundle.subarray(12, 44), ...changes };
  const long = (value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  };
  const text = (value) => Buffer.concat([Buffer.from([Buffer.byteLength(value)]), Buffer.from(value)]);
  const id = createHash("sha256").update(key.bytes).digest().subarray(0, 8);
  const numbers = [said.counter, said.created, said.expires].map(long);
  const head = Buffer.concat([Buffer.from("NPSEALED"), Buffer.from([1, said.kind]), id, ...numbers, said.checksum, text(said.site), text(said.environment)]);
  return Buffer.concat([bundle, head, sign(null, head, key.privateKey)]);
}
