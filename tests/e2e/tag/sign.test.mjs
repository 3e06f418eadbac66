// A tag that asks for a signature takes no other slice, and leaves the page alone where it cannot check.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DAY, newKey, now, readKey, seal } from "../../../www/test/signer.mjs";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { program } from "../web.mjs";
import { sliceBytes, TAG } from "./site.mjs";

const folder = mkdtempSync(join(tmpdir(), "nameplate-sign-"));
const file = join(folder, "key");
execFileSync(program, ["keygen", file], { stdio: "ignore" });
const key = readKey(readFileSync(file, "utf8"));
const publicKey = readFileSync(`${file}.pub`, "utf8").trim();

before(startBrowser);
after(async () => {
  rmSync(folder, { recursive: true });
  await stopBrowser();
});

const SLICE = { kind: 2, site: "Example" };
/** A page whose tag asks for these keys, `script` before it, and the slice that it gets. */
const asks = (keys, slice, script = "") => ({
  answers: { "/np/slice": { body: slice } },
  page: () => ({ head: `${script === "" ? "" : `<script>${script}</script>`}${TAG.replace("><", ` data-np-key="${keys}"><`)}` }),
});

const GOOD = {
  "signed by the program": () => asks(publicKey, sliceBytes("--account", "alder", "--sign", file)),
  "signed by one key of two": () => asks(`${newKey().publicKey} ${publicKey}`, seal(sliceBytes(), key, SLICE)),
  "signed, where no signature is asked for": () => ({ answers: { "/np/slice": { body: sliceBytes("--account", "alder", "--sign", file) } } }),
};
for (const [name, options] of Object.entries(GOOD)) {
  test(`a slice is taken: ${name}`, () =>
    visit(options(), async ({ page, diagnose }) => {
      assert.equal((await diagnose()).failure, null);
      assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
    }));
}

const signed = (changes) => seal(sliceBytes(), key, { ...SLICE, ...changes });
const BAD = {
  "it is not signed": [() => asks(publicKey, sliceBytes()), /expected a signature, found none/],
  "somebody else signed it": [() => asks(publicKey, seal(sliceBytes(), newKey(), SLICE)), /signature is wrong/],
  "it was changed": [() => asks(publicKey, Buffer.from(signed().map((byte, at) => (at === 300 ? byte ^ 1 : byte)))), /checksum/],
  "the signature is of another one": [() => asks(publicKey, Buffer.concat([sliceBytes("--account", "birch"), signed().subarray(sliceBytes().length)])), /something else/],
  "a whole bundle was signed": [() => asks(publicKey, signed({ kind: 1 })), /something else/],
  "it has expired": [() => asks(publicKey, signed({ expires: now() - 1 })), /expired/],
  "it is of next week": [() => asks(publicKey, signed({ created: now() + 7 * DAY, expires: now() + 8 * DAY })), /not come yet/],
  "the key is none": [() => asks("np-public-7", signed()), /expected public keys/],
  "the page has no https": [() => asks(publicKey, signed(), "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"), /https/],
  "the browser is too old": [() => asks(publicKey, signed(), "SubtleCrypto.prototype.importKey = async () => { throw new DOMException('', 'NotSupportedError') }"), /cannot check signatures/],
};
for (const [name, [options, cause]] of Object.entries(BAD)) {
  test(`the page stays as it is: ${name}`, () =>
    visit(options(), async ({ page, diagnose }) => {
      const { state, failure } = await diagnose();
      assert.deepEqual([state, failure?.step], ["default", "open"]);
      assert.match(failure.cause, cause);
      assert.equal(await page.locator("h1").textContent(), "Welcome");
    }));
}
