// The examples as whoever copies one would have it: with the package installed, a bundle, and pages with the tag; and with a bundle that is none.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sampleBytes, wasmBytes } from "../../../www/test/sample.mjs";
import { startProgram } from "../process.mjs";
import { ask, navigation, serve } from "./wire.mjs";
import { digest, edge, file, nameplate, PAGE, pageRequest, SIEMENS, STRANGER } from "./world.mjs";

const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const require = createRequire(join(www, "package.json"));
const { build } = require("esbuild");
const folder = mkdtempSync(join(tmpdir(), "nameplate-examples-"));
const BAD = Buffer.from("no bundle");
/** A program says where it listens: in an address, or as workerd does. */
const READY = /(?:http:\/\/127\.0\.0\.1:|"port":)\d+/;

/** What Cloudflare makes of `wrangler.toml`. */
const WORKERD = (origin, store) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js"), (name = "nameplate_bg.wasm", wasm = embed "nameplate_bg.wasm")],
      compatibilityDate = "${/compatibility_date = "(.*)"/.exec(toml)[1]}",
      bindings = [(name = "${/kv_namespaces[^[]*binding = "(.*)"/.exec(toml)[1]}", kvNamespace = "store"), (name = "${/assets[^[]*binding = "(.*)"/.exec(toml)[1]}", service = "assets")],
      globalOutbound = "origin",
    )),
    (name = "origin", external = "127.0.0.1:${origin}"),
    (name = "store", external = "127.0.0.1:${store}"),
    (name = "assets", disk = "${/directory = "(.*)"/.exec(toml)[1]}"),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`;
const toml = readFileSync(join(www, "edge/examples/cloudflare/wrangler.toml"), "utf8");

/** Each: where it is copied to, what it is given; the program, its parameters. */
const EXAMPLES = {
  "node-express": () => [process.execPath, ["server.mjs"]],
  deno: () => [require.resolve("@deno/linux-x64-glibc/deno"), ["run", "--no-remote", "--allow-net=127.0.0.1", "--allow-env", `--allow-read=.,${www}`, "server.ts"]],
  cloudflare: async (home, bundle) => {
    const main = join(home, /main = "(.*)"/.exec(toml)[1]);
    await build({ entryPoints: [main], bundle: true, format: "esm", conditions: ["workerd"], external: ["*.wasm"], outfile: join(home, "worker.js"), logLevel: "error" });
    writeFileSync(join(home, "nameplate_bg.wasm"), wasmBytes());
    const store = await serve(({ url }, response) => (url.startsWith("/site.npb") ? response.end(bundle) : response.writeHead(404).end()));
    servers.push(store);
    writeFileSync(join(home, "config.capnp"), WORKERD(origin.port, store.port));
    return [require.resolve("@cloudflare/workerd-linux-64/bin/workerd"), ["serve", "--control-fd=1", "config.capnp"]];
  },
};

const servers = [];
let origin;

async function start(name, bundle) {
  const home = join(folder, `${name}-${servers.length}`);
  cpSync(join(www, "edge/examples", name), home, { recursive: true });
  mkdirSync(join(home, "node_modules"));
  for (const [installed, from] of [["nameplate", www], ["express", join(www, "node_modules/express")]]) symlinkSync(from, join(home, "node_modules", installed));
  mkdirSync(join(home, "pages"));
  writeFileSync(join(home, "pages/index.html"), PAGE);
  writeFileSync(join(home, "site.npb"), bundle);
  const [program, parameters] = await EXAMPLES[name](home, bundle);
  const env = { ...process.env, PORT: "0", ORIGIN: `http://127.0.0.1:${origin.port}`, DENO_NO_UPDATE_CHECK: "1" };
  const { found, stop } = await startProgram(program, parameters, READY, env, home);
  servers.push({ stop });
  return Number(/\d+$/.exec(found)[0]);
}

before(async () => {
  origin = await serve((_, response) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE));
});

after(async () => {
  await Promise.all([origin, ...servers].map((server) => server?.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** The page that a visitor from `ip` is sent, by whichever header the example goes. */
async function pageOf(port, ip) {
  const { status, body } = await ask(port, navigation("/", ip, { "x-forwarded-for": ip, "accept-encoding": "identity" }));
  assert.equal(status, 200);
  return body;
}

for (const name of Object.keys(EXAMPLES)) {
  describe(name, () => {
    test("Siemens and a stranger each get their page", async () => {
      const port = await start(name, sampleBytes());
      for (const ip of [SIEMENS, STRANGER]) {
        const expected = await (await edge({ np: {} }).handle(pageRequest(ip))).text();
        // The first pages may come before the bundle.
        let page;
        for (const end = Date.now() + 30_000; Date.now() < end && page !== expected; ) page = (await pageOf(port, ip)).toString();
        assert.equal(page, expected);
      }
      const at = async (path) => (await ask(port, { path, headers: { host: "www.tidewater.example", "cf-connecting-ip": SIEMENS, "x-forwarded-for": SIEMENS } })).body;
      assert.equal(digest(await at("/np/slice")), digest(nameplate.slice({ ip: SIEMENS })));
      for (const name of ["tag.js", "core.wasm"]) assert.equal(digest(await at(`/np/${name}`)), digest(file(name)), name);
    });

    test("a bundle that is none costs no page", async () => {
      const port = await start(name, BAD);
      for (const ip of [SIEMENS, STRANGER]) assert.equal(digest(await pageOf(port, ip)), digest(PAGE));
    });
  });
}
