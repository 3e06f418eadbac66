// From a process that does not exist to its first answer.

import { cpuNs } from "./cpu.mjs";

const LONGEST_MS = 30_000;

/** Milliseconds until an answer is as it is wanted, and what the process had computed by then. */
export async function coldStart(make, path, headers, isWanted) {
  const began = performance.now();
  const worker = await make();
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${worker.port}${path}`, { headers });
      const isReady = isWanted(await answer.text());
      const wallMs = performance.now() - began;
      if (isReady) return { wallMs, cpuMs: cpuNs(worker.pid) / 1e6, resident: worker.resident };
      if (wallMs > LONGEST_MS) throw new Error(`no such answer within ${LONGEST_MS} ms`);
    }
  } finally {
    worker.stop();
  }
}
