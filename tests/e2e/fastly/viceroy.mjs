// The Fastly example in Viceroy, as `scripts/test-fastly` has built it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask } from "../edge/runtimes.mjs";
import { startProgram } from "../process.mjs";

const manifest = readFileSync(new URL("../../../www/edge/examples/fastly/fastly.toml", import.meta.url), "utf8");
const READY = /Listening on http:\/\/127\.0\.0\.1:\d+/;
const KV_STORE = /^\[local_server\.kv_stores\]\n.*\n/m;

/**
 * Starts it before `origin`. `bundle` is what its KV store holds: bytes, `null` for none, `undefined` where there is no store. `source` says whose address
 * counts, by the name of the build. `{ ask, stop }`.
 */
export async function startViceroy(origin, bundle, source = "cf-connecting-ip") {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-fastly-"));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  try {
    const stores = { null: "[local_server.kv_stores]\nsite = []\n", undefined: "" }[bundle] ?? "$&";
    writeFileSync(join(folder, "fastly.toml"), manifest.replace(/http:\/\/127\.0\.0\.1:8080/, origin).replace(KV_STORE, stores));
    writeFileSync(join(folder, "site.npb"), bundle ?? "");
    const module = join(process.env.NAMEPLATE_FASTLY, `${source}.wasm`);
    const { found, stop } = await startProgram("viceroy", ["-v", "--addr", "127.0.0.1:0", "-C", "fastly.toml", module], READY, process.env, folder);
    const agent = new Agent({ keepAlive: true });
    return { ask: (path, options) => ask(Number(/\d+$/.exec(found)[0]), agent, path, options), stop: () => (agent.destroy(), stop().then(clean)) };
  } catch (error) {
    clean();
    throw error;
  }
}
