// A home folder for a browser, so that it finds and leaves nothing in anybody's.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `{ folder, env, remove }`. */
export function makeHome() {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-home-"));
  const own = ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"];
  const env = { ...process.env, ...Object.fromEntries(own.map((name) => [name, folder])) };
  // Processes of a browser write for a moment after it has ended.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.once("exit", remove);
  return { folder, env, remove };
}
