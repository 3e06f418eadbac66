// What a fresh process has used so far.

/** Writes marks and the processor's time, all of it since the process began. */
export function report(marks) {
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ ...marks, wallMs: performance.now(), cpuMs: (user + system) / 1000 }));
  process.exit(0);
}
