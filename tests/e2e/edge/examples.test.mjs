// The examples as whoever copies one would have it: with the package installed, a bundle, and pages with the tag; and with a bundle that is none.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sampleBytes } from "../../../www/test/sample.mjs";
import { startProgram } from "../process.mjs";
import { ask, navigation, serve } from "./wire.mjs";
import { digest, edge, file, nameplate, PAGE, pageRequest, SIEMENS, STRANGER } from "./world.mjs";

const www = fileURLToPath(new URL("../../../www/", import.meta.url));
const run = promisify(execFile);
const require = createRequire(join(www, "package.json"));
const folder = mkdtempSync(join(tmpdir(), "nameplate-examples-"));
const BAD = Buffer.from("no bundle");
/** A program says where it listens. */
const READY = /http:\/\/127\.0\.0\.1:\d+/;
/** Cloudflare's own tool asks nobody else on the network, and keeps its settings in the test's folder. */
const WRANGLER_ENV = { CI: "1", HOME: folder, XDG_CONFIG_HOME: folder, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
const WRANGLER = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
/** As docs/edge.md has it, with ports that are free. */
const WRANGLER_DEV = ["dev", "--ip", "127.0.0.1", "--port", "0", "--inspector-port", "0", "--upstream-protocol", "http", "--local-upstream"];

/** Each: the program, its parameters. */
const EXAMPLES = {
  "node-express": () => [process.execPath, ["server.mjs"]],
  deno: () => [require.resolve("@deno/linux-x64-glibc/deno"), ["run", "--no-remote", "--allow-net=127.0.0.1", "--allow-env", `--allow-read=.,${www}`, "server.ts"]],
  cloudflare: async (home, env) => {
    await run(process.execPath, [WRANGLER, "kv", "key", "put", "--binding", "SITE", "--local", "site.npb", "--path", "site.npb"], { cwd: home, env });
    return [process.execPath, [WRANGLER, ...WRANGLER_DEV, `127.0.0.1:${origin.port}`]];
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
  const env = { ...process.env, ...WRANGLER_ENV, PORT: "0", ORIGIN: `http://127.0.0.1:${origin.port}`, DENO_NO_UPDATE_CHECK: "1" };
  const [program, parameters] = await EXAMPLES[name](home, env);
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
