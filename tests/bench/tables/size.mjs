// What a browser downloads to decide: each vendor's smallest useful program, bundled by esbuild; and ours.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

import { BENCH, DIST } from "../lib/places.mjs";
import { compressed, number, table } from "../lib/report.mjs";

const PEERS = {
  growthbook: "@growthbook/growthbook",
  launchdarkly: "@launchdarkly/js-client-sdk",
  statsig: "@statsig/js-client",
  optimizely: "@optimizely/optimizely-sdk",
  posthog: "posthog-js",
  ninetailed: "@ninetailed/experience.js",
};

export async function size({ say }) {
  say("size");
  const data = {};
  const wasm = readFileSync(join(DIST, "core.wasm"));
  data["**Nameplate** `core.wasm`"] = compressed(wasm);
  const scripts = ["tag.js", "tag-runtime.js"].map((name) => [name, readFileSync(join(DIST, name))]);
  for (const [name, bytes] of scripts) data[`**Nameplate** \`${name}\``] = compressed(bytes);
  const sum = (key) => [wasm, ...scripts.map(([, bytes]) => bytes)].reduce((total, bytes) => total + compressed(bytes)[key], 0);
  data["**Nameplate**, all three"] = { raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };
  for (const [entry, name] of Object.entries(PEERS)) {
    try {
      const { outputFiles } = await build({
        entryPoints: [join(BENCH, "size", `${entry}.mjs`)],
        bundle: true,
        minify: true,
        write: false,
        format: "esm",
        platform: "browser",
        target: "es2022",
        legalComments: "none",
        define: { "process.env.NODE_ENV": '"production"' },
        logLevel: "silent",
      });
      data[`\`${name}\``] = compressed(Buffer.from(outputFiles[0].contents));
    } catch (error) {
      data[`\`${name}\``] = { leftOut: error.message.split("\n").slice(0, 2).join(" ") };
      say(`  ${name}: ${error.message}`);
    }
  }
  const rows = Object.entries(data).map(([name, found]) => (found.leftOut ? [name, found.leftOut] : [name, ...["raw", "gzip", "brotli"].map((key) => number(found[key], 9))]));
  return {
    data,
    text: `Bytes of code, without rules: the visitor's slice of the bundle or the vendor's flags come on top.

${table(["", "raw", "gzip", "brotli"], rows)}`,
  };
}
