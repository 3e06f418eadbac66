// Vercel's edge forbids compiling bytes: the suffix asks its bundlers for a module.

import module from "./nameplate_bg.wasm?module";

export async function defaultModule(): Promise<WebAssembly.Module> {
  // Where a virtual context stands in for the edge, the module comes from outside it, and glue that asks for its class would compile it.
  if (!(module instanceof WebAssembly.Module)) Object.setPrototypeOf(module, WebAssembly.Module.prototype);
  return module;
}
