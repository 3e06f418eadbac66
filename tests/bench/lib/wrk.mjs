// wrk, Debian's package: many connections that ask as fast as they are answered.

import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const MICROSECONDS = { us: 1, ms: 1e3, s: 1e6 };

export const isThere = () => spawnSync("wrk", ["-v"]).error === undefined;

/** `{ perSecond, requests, p50, p99 }`, times in microseconds. `headers` go with every request, `script` is a file in Lua. */
export async function ask(url, { seconds, connections, headers = {}, script, env = {} }) {
  const flags = ["--latency", "--timeout", "30s", "-t2", `-c${connections}`, `-d${seconds}s`];
  for (const [name, value] of Object.entries(headers)) flags.push("-H", `${name}: ${value}`);
  if (script !== undefined) flags.push("-s", script);
  const { stdout: said } = await promisify(execFile)("wrk", [...flags, url], { env: { ...process.env, ...env } });
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(`the server failed under load:\n${said}`);
  const time = (share) => {
    const [, value, unit] = new RegExp(`${share}%\\s+([\\d.]+)(us|ms|s)`).exec(said);
    return Number(value) * MICROSECONDS[unit];
  };
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(said)[1]), requests: Number(/(\d+) requests in/.exec(said)[1]), p50: time(50), p99: time(99) };
}
