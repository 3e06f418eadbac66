// The program on one core, with so much memory to be had and no more: what needs more fails.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import { PROGRAM } from "./places.mjs";

/** What it says; its time, the processor's (in hundredths of a second, as Linux counts), and the most that it had in memory. */
export async function limited(args, memoryKib) {
  const began = Date.now();
  const child = spawn("bash", ["-c", `ulimit -v ${memoryKib}; exec taskset -c 0 "$0" "$@"`, PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [said, warned] = [child.stdout, child.stderr].map((stream) => text(stream));
  let [peakKib, cpuSeconds] = [0, 0];
  const watch = setInterval(() => {
    try {
      peakKib = Math.max(peakKib, Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0));
      const [user, system] = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13);
      cpuSeconds = Math.max(cpuSeconds, (Number(user) + Number(system)) / 100);
    } catch {
      // It is over.
    }
  }, 5);
  const [code] = await once(child, "close");
  clearInterval(watch);
  if (code !== 0) throw new Error(`nameplate ${args[0]} ended with ${code}: ${(await warned).slice(-2000)}`);
  return { milliseconds: Date.now() - began, cpuSeconds, peakBytes: peakKib * 1024, said: await said };
}
