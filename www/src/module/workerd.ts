// workerd forbids compiling bytes: a static import is the only way to a module, and `import.meta.url` does not exist.

import module from "./nameplate_bg.wasm";

export async function defaultModule(): Promise<WebAssembly.Module> {
  return module;
}
