// Makes www/dist out of www/pkg (wasm-pack's output) and the TypeScript sources:
//
//   dist/index.html studio.js studio.css preview.js edge.wasm    what `nameplate preview` embeds
//   dist/tag.js tag-runtime.js core.wasm core.js tag.html        what a site serves below /np/
//   dist/lib/*.js *.d.ts nameplate_bg.wasm nameplate_geo.wasm    what the npm package ships
//   dist/np                                                      the same for the npm package
//
//   node build.mjs [--wasm-opt [LEVEL]] [--pkg DIR] [--out DIR] [--no-types]
//
// --wasm-opt runs npm's binaryen over the core (LEVEL: -O3 unless given) and prints its size. --pkg and --out exist for
// trying things out beside a real build.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { build, transform } from "esbuild";
import { makeCoreScript } from "./core-js.mjs";
import { withoutPanicMessages } from "./core-wasm.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2).map((word) => (/^-O[0-4sz]$/.test(word) ? word.slice(1) : word)),
  allowPositionals: true,
  options: {
    "wasm-opt": { type: "boolean", default: false },
    "no-types": { type: "boolean", default: false },
    pkg: { type: "string", default: join(root, "pkg") },
    out: { type: "string", default: join(root, "dist") },
  },
});
const pkg = resolve(options.pkg);
const out = resolve(options.out);
const lib = join(out, "lib");

/** What rustc emits for wasm32-unknown-unknown. binaryen refuses a module that uses more than it is told. */
const WASM_FEATURES = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-mutable-globals",
  "--enable-multivalue",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
  "--enable-simd",
];

/**
 * A function that is called once stays a function: pieces of one size compress better than a large one. rustc has inlined what is worth it. The
 * stack's deepest KiB is where no pointer leads: so offsets go into the instructions that load. Locals that are often used get small numbers.
 */
const SMALL = ["--converge", "--one-caller-inline-max-function-size=8", "--flexible-inline-max-function-size=1", "--low-memory-unused", "--reorder-locals"];

/** What JavaScript gets of each module. */
const EXPORTS = { core: "Core", edge: "Core, Page", geo: "Database" };

const PUBLIC_TYPES = ["index.d.ts", "nameplate.d.ts", "rewriter.d.ts", "seal.d.ts", "types.d.ts"];

/** Tells Chromium that all functions of a file will be called: it compiles them while it downloads them, and not when the page waits. */
const EAGER = "//# allFunctionsCalledOnLoad";

const common = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  write: false,
  logLevel: "warning",
};

rmSync(out, { recursive: true, force: true });
mkdirSync(lib, { recursive: true });

makeModule("core");
makeModule("edge");
copyFileSync(join(out, "edge.wasm"), join(lib, "nameplate_bg.wasm"));
makeModule("geo", join(lib, "nameplate_geo.wasm"));
await Promise.all([makeCoreJs(), makeApps(), makeLibrary()]);
await makeTag();
makeFolder();
if (!options["no-types"]) makeTypes();

/** `core` is for browsers, `edge` for servers and tools, `geo` for address databases. */
function makeModule(name, to = join(out, `${name}.wasm`)) {
  const from = join(pkg, name, "nameplate_bg.wasm");
  if (options["wasm-opt"]) {
    const level = `-${positionals[0] ?? "O3"}`;
    writeFileSync(to, withoutPanicMessages(readFileSync(from), name === "geo"));
    run("wasm-opt", [level, ...SMALL, "--strip-debug", "--strip-producers", "--strip-target-features", ...WASM_FEATURES, to, "-o", to]);
  } else {
    copyFileSync(from, to);
  }
  report(`${name}.wasm`, readFileSync(to));
}

async function makeCoreJs() {
  const script = makeCoreScript(join(root, "node_modules/.bin"), WASM_FEATURES, join(out, "core.wasm"));
  const { code } = await transform(script, { minify: true, format: "esm", target: common.target, legalComments: "none" });
  write("core.js", Buffer.from(code));
}

async function makeApps() {
  const app = { ...common, plugins: [glue("edge"), wasmModule("browser")], outdir: out, minify: true, legalComments: "none" };
  const made = [
    await build({ ...app, entryPoints: { studio: "studio/studio.ts" } }),
    // A page asks for it as it asks for the tag, which need not be by a module. It is told where the core is.
    await build({ ...app, entryPoints: { preview: "tag/preview.ts" }, format: "iife", define: { "import.meta.url": '""' } }),
    await build({ ...common, entryPoints: { studio: "studio/studio.css" }, outdir: out, minify: true }),
  ];
  for (const { path, contents } of made.flatMap(({ outputFiles }) => outputFiles)) write(path.slice(out.length + 1), contents);
  copyFileSync(join(root, "studio/index.html"), join(out, "index.html"));
}

/** The tag's loader knows the files that belong to it: an old loader in a cache must not meet a new core. */
async function makeTag() {
  const runtime = await build({ ...common, entryPoints: { "tag-runtime": "tag/runtime.ts" }, plugins: [glue("core", "host")], outdir: out, minify: true, banner: { js: EAGER } });
  write("tag-runtime.js", runtime.outputFiles[0].contents);
  const digest = (name, encoding) => createHash("sha256").update(readFileSync(join(out, name))).digest(encoding);
  const file = (name) => [`${name}?v=${digest(name, "hex").slice(0, 8)}`, `sha256-${digest(name, "base64")}`];
  const files = { runtime: file("tag-runtime.js"), wasm: file("core.wasm"), js: file("core.js") };
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const define = { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) };
  const tag = await build({ ...common, entryPoints: { tag: "tag/tag.ts" }, define, format: "iife", outdir: out, minify: true });
  write("tag.js", tag.outputFiles[0].contents);
  write("tag.html", Buffer.from(fastest(files)));
  const start = await build({ ...common, entryPoints: { tag: "tag/start.ts" }, define, outdir: lib });
  writeFileSync(join(lib, "tag.js"), start.outputFiles[0].contents);
  const react = await build({ ...common, entryPoints: { react: "react/index.ts" }, outdir: lib, external: ["react"] });
  writeFileSync(join(lib, "react.js"), react.outputFiles[0].contents);
  for (const [name, entry] of [["edge", "edge/index.ts"], ["edge-node", "edge/node/index.ts"], ["next", "edge/next/index.ts"], ["next-page", "edge/next/page.ts"], ["token", "token/index.ts"]]) {
    const edge = await build({ ...common, entryPoints: { [name]: entry }, plugins: [packageItself()], outdir: lib, external: ["node:*", "next/server.js", "react"] });
    writeFileSync(join(lib, `${name}.js`), edge.outputFiles[0].contents);
  }
}

/** The tag's files in a folder of their own, for handlers that answer below `/np/`. */
function makeFolder() {
  mkdirSync(join(out, "np"));
  for (const name of ["tag.js", "tag-runtime.js", "core.wasm", "core.js", "tag.html"]) copyFileSync(join(out, name), join(out, "np", name));
}

/** What a page puts into its head to have all at once: nothing then waits for the tag to ask for it. */
function fastest({ runtime: [runtime, integrity], wasm: [wasm] }) {
  const preload = (address) => `<link rel="preload" as="fetch" crossorigin href="/np/${address}">\n`;
  return `<script async fetchpriority="high" src="/np/tag.js"></script>\n${preload("slice")}${preload(wasm)}<link rel="modulepreload" integrity="${integrity}" href="/np/${runtime}">\n`;
}

async function makeLibrary() {
  for (const condition of ["node", "browser", "workerd", "edge-light"]) {
    const { outputFiles } = await build({
      ...common,
      entryPoints: { [condition]: "src/index.ts" },
      plugins: [glue("edge"), wasmModule(condition)],
      outdir: lib,
      external: ["node:*", "*.wasm", "*.wasm?module"],
    });
    const geo = await build({
      ...common,
      entryPoints: { [`geo-${condition}`]: "geo/index.ts" },
      plugins: [glue("geo"), wasmModule(condition, "nameplate_geo.wasm"), packageItself()],
      outdir: lib,
      external: ["node:*", "*.wasm", "*.wasm?module"],
    });
    for (const { path, text } of [...outputFiles, ...geo.outputFiles]) writeFileSync(path, withConstants(text));
  }
}

/** esbuild makes variables of a bundle's constants, and of a variable an engine must ask anew each time what it is. */
function withConstants(script) {
  return script.replaceAll(/^var (?=[A-Z][A-Z0-9_]* = )/gm, "const ");
}

function makeTypes() {
  run("tsc", ["-p", "tsconfig.lib.json", "--outDir", lib]);
  for (const name of readdirSync(lib).filter((name) => name.endsWith(".d.ts"))) {
    const path = join(lib, name);
    // Inner parts are no part of the package.
    if (PUBLIC_TYPES.includes(name)) writeFileSync(path, published(readFileSync(path, "utf8")));
    else rmSync(path);
  }
  const folder = mkdtempSync(join(tmpdir(), "nameplate-types-"));
  run("tsc", ["-p", "tsconfig.tag.json", "--outDir", folder]);
  for (const [from, to] of [["tag/start", "tag"], ["tag/api", "api"], ["react/index", "react"], ["edge/index", "edge"], ["edge/address", "address"], ["edge/packing", "packing"], ["geo/index", "geo"], ["geo/given", "given"], ["edge/node/index", "edge-node"], ["edge/node/origin", "origin"], ["edge/node/zlib", "zlib"], ["edge/next/index", "next"], ["edge/next/page", "next-page"], ["edge/next/header", "header"], ["edge/next/cohort", "cohort"], ["token/index", "token"]]) {
    writeFileSync(join(lib, `${to}.d.ts`), published(readFileSync(join(folder, `${from}.d.ts`), "utf8")));
  }
  rmSync(folder, { recursive: true });
  for (const name of ["nameplate_bg", "nameplate_geo"]) copyFileSync(join(root, "src/module/nameplate_bg.wasm.d.ts"), join(lib, `${name}.wasm.d.ts`));
}

/** The package's files lie in one folder; and compilers before TypeScript 5 know no import of a `.ts` file. */
function published(types) {
  return types.replaceAll('from "../index.ts"', 'from "./edge.js"').replaceAll(/(from ")(?:\.\.?\/|(?:\.\.\/)+src\/)([a-z]+)\.ts"/g, '$1./$2.js"');
}

/**
 * `nameplate:glue`: the generated code wrapped in a function. wasm-bindgen keeps one instance in a variable of its module
 * and hands it back for ever, but after a trap we need another one. A function gives every instance variables of its own;
 * nothing of the generated text is edited. The edge's serves the core too, which lacks some of its calls.
 */
function glue(module, host) {
  return {
    name: "glue",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^nameplate:(glue|geo)$/ }, ({ path }) => ({ path, namespace: "glue" }));
      onLoad({ filter: /.*/, namespace: "glue" }, async () => {
        const { outputFiles } = await build({
          ...common,
          stdin: { contents: `export { ${EXPORTS[module]}, initSync } from ${JSON.stringify(join(pkg, module, "nameplate.js"))}`, resolveDir: root },
          // Only the asynchronous way in, which is left out, asks where the file lies.
          define: { "import.meta.url": "undefined" },
        });
        const head = host === undefined ? "" : `import { ${host} as WebAssembly } from ${JSON.stringify(join(root, "tag/script-core.ts"))};\n`;
        const body = outputFiles[0].text.replace(/^export \{([^}]*)\};$/m, "return {$1};");
        return { contents: `${head}export function newGlue() {\n${body}\n}`, loader: "js", resolveDir: root };
      });
    },
  };
}

/** `nameplate:module`: the runtime's way to the wasm file, which those ways call by the name of the package's main one. */
function wasmModule(condition, file = "nameplate_bg.wasm") {
  const path = join(root, `src/module/${condition}.ts`);
  return {
    name: "module",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^nameplate:module$/ }, () => ({ path }));
      onLoad({ filter: /\/src\/module\/[a-z-]+\.ts$/ }, () => ({ contents: readFileSync(path, "utf8").replaceAll("nameplate_bg.wasm", file), loader: "ts", resolveDir: dirname(path) }));
    },
  };
}

/** The package's other parts ask for its main one by name, so that the runtime picks its entry, and there is one `Nameplate`. */
function packageItself() {
  return {
    name: "package",
    setup({ onResolve }) {
      onResolve({ filter: /\/src\/index\.ts$/ }, () => ({ path: "nameplate", external: true }));
      onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: "nameplate/edge", external: true }));
    },
  };
}

function run(program, args) {
  execFileSync(join(root, "node_modules/.bin", program), args, { cwd: root, stdio: "inherit" });
}

function write(name, bytes) {
  writeFileSync(join(out, name), bytes);
  report(name, bytes);
}

function report(name, bytes) {
  console.log(`${name.padEnd(14)} ${bytes.length} bytes, brotli ${brotliCompressSync(bytes).length}`);
}
