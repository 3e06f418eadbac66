// An engine in workerd as a contender: it is asked for many pages at once, and what its process computes meanwhile is counted.

import { cpuNs } from "./cpu.mjs";

export class WorkerdContender {
  #worker;
  #engine;
  /** How many pages take a while, by size. */
  #counts = {};

  constructor(worker, engine) {
    this.#worker = worker;
    this.#engine = engine;
    this.name = engine;
  }

  async ask({ do: verb, of, ms }) {
    if (verb === "answers") return { answers: [await this.#rewrite(of, 1)] };
    if (verb !== "time") throw new Error(`no such command: ${verb}`);
    const count = this.#counts[of] ?? 1;
    const [wall, cpu] = [process.hrtime.bigint(), cpuNs(this.#worker.pid)];
    await this.#rewrite(of, count);
    const [wallNs, spentNs] = [Number(process.hrtime.bigint() - wall), cpuNs(this.#worker.pid) - cpu];
    this.#counts[of] = Math.max(1, Math.round((count * ms * 1e6) / wallNs));
    // The first time says how many are enough.
    return this.#counts[of] > count * 4 ? this.ask({ do: verb, of, ms }) : { wallNs: wallNs / count, cpuNs: spentNs / count };
  }

  async #rewrite(size, count) {
    const answer = await fetch(`http://127.0.0.1:${this.#worker.port}/?engine=${this.#engine}&page=${size}&count=${count}`);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.#engine} in workerd: ${text}`);
    return text;
  }

  end() {
    this.#worker.stop();
  }
}
