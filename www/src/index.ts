// The npm package `nameplate`. One entry for all runtimes: `build.mjs` makes one file per `exports` condition, which
// differ in nothing but `nameplate:module`, the way to the wasm file.

export { Nameplate, type LoadOptions, type SliceOptions } from "./nameplate.ts";
export type { Rewriter } from "./rewriter.ts";
export type { Seal } from "./seal.ts";
export type * from "./types.ts";
