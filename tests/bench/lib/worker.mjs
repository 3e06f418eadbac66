// One contender in one process: nobody's garbage, compiled code or memory is another's. Reads a command a line, answers a
// line that starts with `@`; whatever a peer prints is passed over.
//
//   node --expose-gc lib/worker.mjs '{"kind":"rules","peer":"growthbook","mode":"first","set":FOLDER}'
//
// Commands: {"do":"open"}  {"do":"answers","of":"known","count":64}  {"do":"time","of":"known","ms":150}
//           {"do":"latency","of":"known","count":20000}  {"do":"grow","of":"known","seconds":10}  {"do":"end"}

import { createInterface } from "node:readline";

const config = JSON.parse(process.argv[2]);
const contender = await (await import(`./${config.kind}-contender.mjs`)).contender(config);

/** What the optimiser must not remove. */
let sink = 0;

const commands = {
  async open() {
    const before = memory();
    const [wall, cpu] = clocks();
    await contender.open();
    const spent = since(wall, cpu);
    const after = memory();
    return { ...spent, how: contender.how?.(), memory: { rss: after.rss - before.rss, heap: after.heap - before.heap } };
  },

  async answers({ of, count }) {
    const found = [];
    const inputs = contender.inputs(of);
    for (let at = 0; at < Math.min(count, inputs.length); at++) found.push(await contender.answer(inputs[at]));
    return { answers: found };
  },

  /** Calls for about `ms` milliseconds, in batches; at least once. */
  async time({ of, ms }) {
    const inputs = contender.inputs(of);
    const run = contender.isAsync ? runAsync : runSync;
    let batch = 1;
    let calls = 0;
    const [wall, cpu] = clocks();
    for (;;) {
      await run(inputs, calls, batch);
      calls += batch;
      const spent = Number(process.hrtime.bigint() - wall) / 1e6;
      if (spent >= ms) break;
      // Towards the end, but never past it by much.
      batch = Math.max(1, Math.min(batch * 2, Math.floor(((ms - spent) * calls) / spent)));
    }
    const { wallNs, cpuNs } = since(wall, cpu);
    return { calls, wallNs: wallNs / calls, cpuNs: cpuNs / calls, sink: sink & 1 };
  },

  async latency({ of, count }) {
    const inputs = contender.inputs(of);
    const spent = new Float64Array(count);
    for (let at = 0; at < count; at++) {
      const began = process.hrtime.bigint();
      const answer = contender.call(inputs[at % inputs.length]);
      if (contender.isAsync) await answer;
      spent[at] = Number(process.hrtime.bigint() - began);
    }
    spent.sort();
    const at = (share) => spent[Math.floor(count * share)];
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
  },

  /** Whether anything grows: memory after a first second of calls, and after all of them. */
  async grow({ of, seconds, calls: most }) {
    await commands.time({ of, ms: 1000 });
    const before = memory();
    let calls = 0;
    for (const end = Date.now() + seconds * 1000; calls < most && Date.now() < end; ) calls += (await commands.time({ of, ms: 250 })).calls;
    const after = memory();
    return { calls, rss: after.rss - before.rss, heap: after.heap - before.heap };
  },
};

function runSync(inputs, from, count) {
  const { call } = contender;
  for (let at = from; at < from + count; at++) if (call(inputs[at % inputs.length])) sink++;
}

async function runAsync(inputs, from, count) {
  const { call } = contender;
  for (let at = from; at < from + count; at++) if (await call(inputs[at % inputs.length])) sink++;
}

function clocks() {
  return [process.hrtime.bigint(), process.cpuUsage()];
}

/** Nanoseconds; the processor's are those of all threads, so that a collector or a compiler beside us counts too. */
function since(wall, cpu) {
  const { user, system } = process.cpuUsage(cpu);
  return { wallNs: Number(process.hrtime.bigint() - wall), cpuNs: (user + system) * 1000 };
}

function memory() {
  for (let round = 0; round < 3; round++) globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.do === "end") break;
  let reply;
  try {
    reply = await commands[command.do](command);
  } catch (error) {
    reply = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`@${JSON.stringify(reply)}\n`);
}
// Some peers keep timers.
process.exit(0);
