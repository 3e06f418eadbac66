// The runtimes that run the edge, each as it stands in the world: a program of its own, the package put together for it as its tools do
// it, a port that the system picked. `worker.mjs` is what runs in all of them.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProgram } from "../process.mjs";
import { pageHeaders, SIEMENS } from "./world.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const require = createRequire(join(www, "package.json"));
const { build } = require("esbuild");

/** A program says where it listens: in an address, or as workerd does. */
const READY = /(?:http:\/\/127\.0\.0\.1:|"port":)\d+/;
/** The module of address databases, which the worker has whatever becomes of the core. */
const GEO = "nameplate_geo.wasm";
/** A module with nothing in it. */
const NOTHING = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * How each is started: `entry` is its own part of the program, which has `make` of `worker.mjs`; `args` what it is called with. `unpacks`:
 * which encodings its `fetch` takes off an answer. `own`: headers that its `fetch` or its server drops or adds, with nothing to be done.
 */
export const RUNTIMES = {
  node: {
    entry: (given) => `import { readFile } from "node:fs/promises"; import { createServer } from "node:http"; import { listener, originAt } from "nameplate/node"; ${COMPILED(given)}
      const server = createServer(listener(make({ ...given, ask: originAt(given.origin) })));
      server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));`,
    command: () => [process.execPath, ["main.js"]],
    unpacks: [],
    own: [],
  },
  deno: {
    entry: (given) => `const { readFile } = Deno; ${COMPILED(given)} Deno.serve({ port: 0, hostname: "127.0.0.1" }, make(given));`,
    command: () => [require.resolve("@deno/linux-x64-glibc/deno"), ["run", "--no-remote", "--no-config", "--allow-net=127.0.0.1", "--allow-read=.", "main.js"]],
    unpacks: ["gzip", "br"],
    own: [],
  },
  bun: {
    entry: (given) => `import { readFile } from "node:fs/promises"; ${COMPILED(given)}
      console.log(String(Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: make(given) }).url));`,
    command: () => [require.resolve("@oven/bun-linux-x64/bin/bun"), ["main.js"]],
    unpacks: [],
    own: ["content-length"],
  },
  "edge-light": {
    entry: ({ origin, modules }) => `${imports(modules, "?module")}
      for (const module of Object.values(modules)) Object.setPrototypeOf(module, WebAssembly.Module.prototype);
      const handle = make({ origin: "${origin}", modules });
      addEventListener("fetch", (event) => event.respondWith(handle(event.request)));`,
    command: () => [process.execPath, ["vercel.mjs", require.resolve("edge-runtime")]],
    unpacks: ["gzip", "br", "deflate", "gzip, br", "zstd", "compress"],
    own: ["content-length"],
  },
  workerd: {
    entry: ({ origin, modules }) => `${imports(modules, "")} export default { fetch: make({ origin: "${origin}", modules }) };`,
    command: () => [require.resolve("@cloudflare/workerd-linux-64/bin/workerd"), ["serve", "--control-fd=1", "config.capnp"]],
    unpacks: [],
    own: [],
  },
};

/** What a runtime that reads files and compiles them gives to `make`. */
const COMPILED = ({ origin, modules }) => `
const compile = async (name) => [name, await WebAssembly.compile(await readFile(new URL(name, import.meta.url)))];
const given = { origin: "${origin}", modules: Object.fromEntries(await Promise.all(${JSON.stringify(modules)}.map(compile))) };`;

/** What a runtime imports that must not compile. */
const imports = (modules, suffix) => `
${modules.map((name, index) => `import module${index} from "./${name}${suffix}";`).join("\n")}
const modules = { ${modules.map((name, index) => `"${name}": module${index}`).join()} };`;

const WORKERD = ({ origin, modules }) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [
        (name = "worker.js", esModule = embed "main.js"),
        ${["nameplate_bg.wasm", GEO, ...modules].map((name) => `(name = "${name}", wasm = embed "${name}")`).join()}
      ],
      compatibilityDate = "2025-01-01",
      globalOutbound = "origin",
    )),
    (name = "origin", external = "${new URL(origin).host}"),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`;

/** `x.wasm?module` as Vercel's tools understand it: the platform has compiled it. */
const vercelModules = {
  name: "modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path: path.slice(2, -"?module".length), namespace: "wasm" }));
    onLoad({ filter: /./, namespace: "wasm" }, ({ path }) => ({ contents: `export default platformModules["${path}"];` }));
  },
};

/**
 * Starts the runtime `name` before `origin`. `modules` are wasm files that its worker knows by their names; `core` is the package's own, or
 * `null` where somebody forgot it. `{ ask, stop }`.
 */
export async function startRuntime(name, { origin, core, modules = {} }) {
  const { entry, command } = RUNTIMES[name];
  const folder = mkdtempSync(join(tmpdir(), `nameplate-${name}-`));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(www, join(folder, "node_modules/nameplate"));
    const given = { origin, modules: Object.keys(modules) };
    const contents = `import { make } from "./worker.mjs"; ${entry(given)}`;
    const external = ["*.wasm", "node:*"];
    const format = name === "edge-light" ? "iife" : "esm";
    await build({ stdin: { contents, resolveDir: here }, nodePaths: [join(folder, "node_modules")], bundle: true, format, target: "es2022", conditions: [name], external, plugins: [vercelModules], outfile: join(folder, "main.js"), logLevel: "error" });
    copyFileSync(join(here, "vercel.mjs"), join(folder, "vercel.mjs"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "config.capnp"), WORKERD(given));
    // What imports it does not start without it.
    if (core !== null || name === "workerd" || name === "edge-light") writeFileSync(join(folder, "nameplate_bg.wasm"), core ?? NOTHING);
    copyFileSync(join(www, "dist/lib", GEO), join(folder, GEO));
    for (const [file, bytes] of Object.entries(modules)) writeFileSync(join(folder, file), bytes);
    const [program, args] = command();
    const { found, stop } = await startProgram(program, args, READY, { ...process.env, DENO_NO_UPDATE_CHECK: "1" }, folder);
    const agent = new Agent({ keepAlive: true });
    return { ask: (path, options) => ask(Number(/\d+$/.exec(found)[0]), agent, path, options), stop: () => (agent.destroy(), stop().then(clean)) };
  } catch (error) {
    clean();
    throw error;
  }
}

/** What came, byte for byte; `isWhole` unless it broke off. `edge` and `clock` are what `worker.mjs` is told, `began` is called with the body's first bytes. */
export function ask(port, agent, path, { method = "GET", ip = SIEMENS, headers, body, edge = {}, clock = null, began = () => {} } = {}) {
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  const told = { "x-edge": JSON.stringify(edge), ...(clock === null ? {} : { "x-clock": clock }) };
  const given = { ...pageHeaders(ip, headers), ...length, ...told, host: "www.tidewater.example" };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, agent, method, path, headers: given }, (response) => {
      const chunks = [];
      const { statusCode: status, headers, rawHeaders } = response;
      const end = (error) => resolve({ status, headers, rawHeaders, body: Buffer.concat(chunks), isWhole: error === undefined && response.complete });
      // A reset after the answer has begun is the request's error too.
      outgoing.off("error", reject).on("error", end);
      response.once("data", began).on("data", (chunk) => chunks.push(chunk)).once("error", end).once("end", () => end());
    });
    outgoing.on("error", reject).end(body);
  });
}
