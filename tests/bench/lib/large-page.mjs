// What a page of 10 MiB takes in memory beyond one of 20 KB: natively and in wasm.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { page } from "../generate/page.mjs";
import { readPage } from "./pages.mjs";
import { BENCH, PROGRAM } from "./places.mjs";

/** Bytes: `{ native, wasm }`. */
export async function largePage(folder, visit) {
  const large = page(10_486_000);
  writeFileSync(join(folder, "10486.html"), large);
  const peak = (bytes) => peakOf(join(folder, "site.npb"), visit, bytes);
  return {
    native: (await peak(large)) - (await peak(readPage(folder, 20))),
    wasm: Number(execFileSync(process.execPath, [join(BENCH, "rewriter/memory.mjs"), folder], { encoding: "utf8" })),
  };
}

/** The most that `nameplate rewrite` had in memory by the end of a page. */
async function peakOf(bundle, { ip, url }, bytes) {
  const program = spawn(PROGRAM, ["rewrite", bundle, "--ip", ip, "--url", url], { stdio: ["pipe", "pipe", "inherit"] });
  let done = 0;
  program.stdout.on("data", (part) => (done += part.length));
  program.stdin.write(bytes);
  // All but an open tag has come back by the time that the page is over.
  while (done < bytes.length - 65_536 || done === 0) await once(program.stdout, "data");
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${program.pid}/status`, "utf8"))[1]) * 1024;
  program.stdin.end();
  await once(program, "close");
  return peak;
}
