// The core as JavaScript, for pages whose policy forbids WebAssembly: binaryen's wasm2js over the same bytes.
//
// wasm2js knows neither references to JavaScript objects nor functions with several results, and wasm-bindgen uses a few of both: to
// hand over an `Error`, and to say whether the constructor made one. In the text form of the module these become calls of
// imported functions, which `tag/script-core.ts` provides.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A module whose one export makes an instance: `instantiate(imports)` gives its exports. */
export function makeCoreScript(tools, features, wasm) {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-core-"));
  const file = (name) => join(folder, name);
  const run = (program, args) => execFileSync(join(tools, program), args, { stdio: ["ignore", "inherit", "inherit"] });
  try {
    const lowered = ["--llvm-nontrapping-fptoint-lowering", "--signext-lowering", "--llvm-memory-copy-fill-lowering"];
    run("wasm-opt", ["-Oz", "--strip-debug", "--strip-producers", "--strip-target-features", ...lowered, ...features, wasm, "-o", file("core.wasm")]);
    run("wasm-dis", [...features, file("core.wasm"), "-o", file("core.wat")]);
    writeFileSync(file("core.wat"), withoutReferences(readFileSync(file("core.wat"), "utf8")));
    run("wasm2js", ["-Os", "--enable-mutable-globals", file("core.wat"), "-o", file("core.js")]);
    return asFunction(readFileSync(file("core.js"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const REFERENCES = [
  ' (import "references" "set" (func $references_set (param i32 i32)))',
  ' (import "references" "grow" (func $references_grow (param i32 i32) (result i32)))',
  ' (import "references" "three" (func $references_three (param i32 i32 i32) (result i32)))',
].join("\n");

function withoutReferences(wat) {
  const [, table] = /^ \(table (\$\S+) \d+ externref\)$/m.exec(wat) ?? [];
  // A compiler for older browsers uses neither.
  if (table === undefined) return wat;
  return wat
    .replace(/^ \(table \$\S+ \d+ externref\)\n/m, "")
    .replace(/^ \(export "__wbindgen_externrefs" .*\n/m, "")
    .replaceAll("(ref.null noextern)", "(i32.const 0)")
    .replaceAll(/\bexternref\b/g, "i32")
    .replaceAll(`(table.set ${table}`, "(call $references_set")
    .replaceAll(`(table.grow ${table}`, "(call $references_grow")
    .replaceAll("(tuple.make 3", "(call $references_three")
    .replaceAll("(result i32 i32 i32)", "(result i32)")
    .replace(/^ \(import /m, `${REFERENCES}\n (import `);
}

/**
 * wasm2js writes one instance, made when its file is loaded; after a trap we need another. And a memory that grows must leave
 * its old buffer without bytes, as WebAssembly does: by that the generated code knows that its views are old.
 */
function asFunction(script) {
  const [head, ...tail] = script.split("var retasmFunc = ");
  const [before, ...after] = head.split("buffer = newBuffer;");
  if (tail.length !== 1 || after.length !== 1) throw new Error("wasm2js writes something new: no `retasmFunc`, or no `newBuffer`");
  const body = `${before}structuredClone(buffer, { transfer: [buffer] });\n   buffer = newBuffer;${after[0]}`;
  return `${body.replaceAll(/^import .*$/gm, "")}\nexport { asmFunc as instantiate };\n`;
}
