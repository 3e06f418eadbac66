// Bundles and cores that are broken, each in one way: the bytes are really so, and the core really traps.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { DAY, newKey, now, seal } from "../../../www/test/signer.mjs";
import { sampleBytes, wasmBytes } from "../../../www/test/sample.mjs";
import { cookieBytes } from "../../../www/test/jar.mjs";

const require = createRequire(new URL("../../../www/package.json", import.meta.url));
const { default: binaryen } = await import(pathToFileURL(require.resolve("binaryen")));

const { BulkMemory, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } = binaryen.Features;
const FEATURES = BulkMemory | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt;

const sample = sampleBytes();
const key = newKey();
export const { publicKey } = key;

/** Where the header says which version the file has, and how long it is: see `src/bundle/header.rs`. */
const VERSION_OFFSET = 8;
const LENGTH_OFFSET = 48;

const MEMORY_SECTION = 5;

/** What the origin gives for `/bundles/NAME`; what it has none of is missing, and a slow one never comes. */
export const BUNDLES = {
  good: sample,
  slow: () => {},
  signed: seal(sample, key),
  cookies: cookieBytes(),
  empty: Buffer.alloc(0),
  truncated: sample.subarray(0, sample.length / 2),
  "bit-flip": changed((bytes) => (bytes[bytes.length >> 1] ^= 1)),
  "wrong-site": seal(sample, key, { site: "Elsewhere" }),
  expired: seal(sample, key, { created: now() - 40 * DAY, expires: now() - 10 * DAY }),
  "of-somebody-else": seal(sample, newKey()),
  "future-version": changed((bytes) => bytes.writeUInt16LE(bytes.readUInt16LE(VERSION_OFFSET) + 1, VERSION_OFFSET)),
  "too-large": changed((bytes) => bytes.writeUInt32LE(65 << 20, LENGTH_OFFSET), Buffer.concat([sample, Buffer.alloc((65 << 20) - sample.length)])),
};

function changed(change, from = sample) {
  const bytes = Buffer.from(from);
  change(bytes);
  return bytes;
}

/** Which call of the core does what, and the how many-th of each instance. */
const BREAKS = {
  "trap-in-open.wasm": { call: "core_new", what: trap },
  "trap-in-decide.wasm": { call: "core_choose", what: trap },
  "trap-in-rewrite.wasm": { call: "page_write", what: trap },
  "overflow-in-decide.wasm": { call: "core_choose", what: overflow },
  "memory-in-rewrite.wasm": { call: "page_new", what: eatMemory },
  // A new instance does it once, and the next time it fails.
  "trap-in-second-decide.wasm": { call: "core_choose", what: trap, at: 2 },
  "trap-in-second-rewrite.wasm": { call: "page_begin", what: trap, at: 2 },
};

/** The package's core, broken. */
export function brokenCores() {
  const module = binaryen.readBinary(wasmBytes());
  // What the file is made of: with more, it would be written so that only the newest runtimes read it.
  module.setFeatures(FEATURES);
  module.addFunction("deep", binaryen.i32, binaryen.i32, [], module.i32.add(module.call("deep", [module.local.get(0, binaryen.i32)], binaryen.i32), module.i32.const(1)));
  const cores = Object.entries(BREAKS).map(([name, { call, what, at = 1 }]) => [name, breakCall(module, call, what, at)]);
  module.dispose();
  return Object.fromEntries(cores);
}

/** The module with an export that counts its calls, and does `what` at one of them before it is what it was. */
function breakCall(module, name, what, at) {
  const { value: inner } = binaryen.getExportInfo(module.getExport(name));
  const { params, results } = binaryen.getFunctionInfo(module.getFunction(inner));
  const calls = module.global.get("calls", binaryen.i32);
  const given = binaryen.expandType(params).map((type, index) => module.local.get(index, type));
  const count = module.global.set("calls", module.i32.add(calls, module.i32.const(1)));
  const fault = module.if(module.i32.eq(module.global.get("calls", binaryen.i32), module.i32.const(at)), what(module));
  module.addGlobal("calls", binaryen.i32, true, module.i32.const(0));
  module.addFunction("broken", params, results, [], module.block(null, [count, fault, module.call(inner, given, results)], results));
  module.removeExport(name);
  module.addFunctionExport("broken", name);
  const bytes = limited(module.emitBinary());
  module.removeExport(name);
  module.addFunctionExport(inner, name);
  module.removeFunction("broken");
  module.removeGlobal("calls");
  return bytes;
}

function trap(module) {
  return module.unreachable();
}

function overflow(module) {
  return module.drop(module.call("deep", [module.i32.const(0)], binaryen.i32));
}

/** From here on nobody gets any. */
function eatMemory(module) {
  return module.loop("more", module.br("more", module.i32.ne(module.memory.grow(module.i32.const(1)), module.i32.const(-1))));
}

/** The module with a memory of 16 MiB at most, or it would have 4 GiB to eat. */
function limited(bytes) {
  const number = (at) => (bytes[at] < 0x80 ? [bytes[at], at + 1] : number(at + 1).map((value, index) => (index === 0 ? (bytes[at] & 0x7f) + value * 0x80 : value)));
  let at = 8;
  for (let [size, from] = number(at + 1); bytes[at] !== MEMORY_SECTION; [size, from] = number(at + 1)) at = from + size;
  const [, from] = number(at + 1);
  // One memory, which until now has no limit.
  assert.deepEqual([...bytes.subarray(from, from + 2)], [1, 0]);
  const [pages, end] = number(from + 2);
  return Buffer.concat([bytes.subarray(0, at), Buffer.of(MEMORY_SECTION, 5, 1, 1, pages, 0x80, 2), bytes.subarray(end)]);
}
