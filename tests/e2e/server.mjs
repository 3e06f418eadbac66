// `nameplate preview` on a temporary copy of the sample site, and `nameplate serve`; they end with the test.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProgram } from "./process.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env.NAMEPLATE_PROGRAM ?? join(root, "target/release/nameplate");

/** `{ url, site, stop }`: where it listens, the folder it watches. `prepare(site)` may change the copy before. */
export async function startPreview(prepare = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-e2e-"));
  const site = join(folder, "site");
  cpSync(join(root, "data/site"), site, { recursive: true });
  prepare(site);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  try {
    const { url, stop } = await start(["preview", site, "--port", "0"]);
    return { url, site, stop: () => stop().then(clean) };
  } catch (error) {
    clean();
    throw error;
  }
}

/** `nameplate serve` of a bundle, `{ url, stop }`. The client's address is what `X-Forwarded-For` says last. */
export function startServe(bundle = join(root, "target/site.npb"), options = []) {
  return start(["serve", bundle, "--listen", "127.0.0.1:0", "--client-address", "x-forwarded-for=1", ...options]);
}

/** Runs the program until `stop`; it says where it listens. */
async function start(args) {
  const { found: url, stop } = await startProgram(program, args, /http:\/\/127\.0\.0\.1:\d+/);
  return { url, stop };
}

/** Calls `check` until it no longer throws; the last error when it always does. */
export async function eventually(check, limitMs = 8000) {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }
}
