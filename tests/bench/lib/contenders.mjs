// Starts contenders and lets them run in turn: in every round each one runs once, so that whatever else the machine does
// in that minute meets them all.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { BENCH, NATIVE } from "./places.mjs";

/** A contender's process. `native` or a JavaScript worker; both speak the same lines. */
export class Contender {
  #child;
  #waiting = [];
  #errors = "";

  constructor(name, config, isNative = false) {
    this.name = name;
    this.config = config;
    this.isNative = isNative;
    const text = JSON.stringify(config);
    this.#child = isNative
      ? spawn(NATIVE, [text], { stdio: ["pipe", "pipe", "pipe"] })
      : spawn(process.execPath, ["--expose-gc", "--max-old-space-size=8192", join(BENCH, "lib/worker.mjs"), text], {
          stdio: ["pipe", "pipe", "pipe"],
          env: { ...process.env, ...config.env },
        });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      if (line.startsWith("@")) this.#waiting.shift()?.resolve(JSON.parse(line.slice(1)));
    });
    this.#child.stderr.on("data", (data) => (this.#errors = (this.#errors + data).slice(-2000)));
    this.#child.stdin.on("error", () => {});
    this.#child.on("close", (code) => {
      for (const { reject } of this.#waiting) reject(new Error(`${name} ended with ${code}: ${this.#errors}`));
      this.#waiting = [];
      this.isOver = true;
    });
  }

  async ask(command, timeoutSeconds = 300) {
    if (this.isOver) throw new Error(`${this.name} is over: ${this.#errors}`);
    let timer;
    const reply = await new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      timer = setTimeout(() => {
        reject(new Error(`${this.name}: no answer to \`${command.do}\` within ${timeoutSeconds} s`));
        this.#child.kill();
      }, timeoutSeconds * 1000);
      this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    }).finally(() => clearTimeout(timer));
    if (reply.error) throw new Error(`${this.name}: ${reply.error}`);
    return reply;
  }

  end() {
    if (!this.isOver) this.#child.stdin.end(`${JSON.stringify({ do: "end" })}\n`);
  }
}

/**
 * Medians of `rounds` turns, after one turn that warms up. Returns a map from contender to `{ wallNs, cpuNs, spread }`;
 * a contender whose call takes longer than `longestMs` runs once a round for as long as it takes, or is left out.
 */
export async function race(contenders, { of, rounds, ms, warmMs = Math.max(ms, 600), longestMs = 2000, say }) {
  const results = new Map(contenders.map((contender) => [contender, []]));
  const left = new Map();
  for (const contender of contenders) {
    const { wallNs } = await contender.ask({ do: "time", of, ms: warmMs });
    if (wallNs > longestMs * 1e6) left.set(contender, `one evaluation takes ${(wallNs / 1e9).toFixed(1)} s`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (!left.has(contender)) results.get(contender).push(await contender.ask({ do: "time", of, ms }));
    }
    say?.(`round ${round + 1} of ${rounds}`);
  }
  return new Map(
    contenders.map((contender) => {
      if (left.has(contender)) return [contender, { leftOut: left.get(contender) }];
      const runs = results.get(contender);
      const values = (key) => runs.map((run) => run[key]);
      return [contender, { wallNs: median(values("wallNs")), cpuNs: median(values("cpuNs")), least: Math.min(...values("wallNs")), most: Math.max(...values("wallNs")) }];
    }),
  );
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
