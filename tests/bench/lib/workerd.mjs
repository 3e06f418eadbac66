// Workers in workerd, each in a process of its own, put together as Cloudflare's tools do it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { build } from "esbuild";

import { BENCH, DIST, ROOT, SETS } from "./places.mjs";

const WORKERD = createRequire(join(ROOT, "www/package.json")).resolve("@cloudflare/workerd-linux-64/bin/workerd");
const FOLDER = join(SETS, "workerd");

/**
 * Makes a worker of `edge/NAME.mjs` and gives what starts it. `files`: name to bytes or path, which it imports; `origin`: the port
 * of the server that its `fetch` asks.
 */
export async function makeWorker(name, { files = {}, origin } = {}) {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(BENCH, "edge", `${name}.mjs`)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    alias: { nameplate: join(DIST, "lib/workerd.js"), "nameplate/edge": join(DIST, "lib/edge.js") },
    external: ["*.wasm", "*.npb", "*.html", "*.json"],
    logLevel: "silent",
  });
  writeFileSync(join(folder, "worker.js"), outputFiles[0].contents);
  copyFileSync(join(DIST, "lib/nameplate_bg.wasm"), join(folder, "nameplate_bg.wasm"));
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  const config = join(folder, "config.capnp");
  writeFileSync(config, configOf(Object.keys(files), origin));
  return { name, start: () => Worker.start(name, config) };
}

function configOf(files, origin) {
  const kinds = { html: "data", npb: "data", json: "json" };
  const modules = [
    '(name = "worker.js", esModule = embed "worker.js")',
    '(name = "nameplate_bg.wasm", wasm = embed "nameplate_bg.wasm")',
    ...files.map((file) => `(name = "${file}", ${kinds[file.split(".").at(-1)]} = embed "${file}")`),
  ];
  const outbound = origin === undefined ? "" : 'globalOutbound = "origin",';
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (compatibilityDate = "2025-01-01", ${outbound} modules = [${modules.join(", ")}])),
    ${origin === undefined ? "" : `(name = "origin", external = "127.0.0.1:${origin}"),`}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

/** A running one. */
class Worker {
  #child;
  port;

  static async start(name, config) {
    const worker = new Worker();
    // Port 0 is any that is free; the control pipe tells which.
    const child = spawn(WORKERD, ["serve", "--control-fd=3", config], { stdio: ["ignore", "inherit", "inherit", "pipe"] });
    worker.#child = child;
    const failed = once(child, "exit").then(([code]) => Promise.reject(new Error(`the worker \`${name}\` ended with ${code}`)));
    failed.catch(() => {});
    const [line] = await Promise.race([once(createInterface({ input: child.stdio[3] }), "line"), failed]);
    worker.port = JSON.parse(line).port;
    return worker;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Bytes that the process has in memory. */
  get resident() {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))[1]) * 1024;
  }

  stop() {
    this.#child.removeAllListeners("exit");
    this.#child.kill();
  }
}
