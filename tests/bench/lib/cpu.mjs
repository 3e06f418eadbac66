// What another process has computed so far.

import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds of all its threads. Threads that ended are missing: none of the measured ones ends while it is measured. */
export function cpuNs(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]), 0);
}
