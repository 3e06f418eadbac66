// A `.wasm` import is a compiled module in workerd; with this suffix, on Vercel's edge.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
