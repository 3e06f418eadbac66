// The generated wasm-bindgen code as a factory. `build.mjs` makes the module: see the plugin `glue` there.

declare module "nameplate:glue" {
  export interface Core {
    decide(visit: unknown): unknown;
    explain(visit: unknown): unknown;
    site(): unknown;
    free(): void;
    /** Forgets the Rust object without calling into wasm. */
    __destroy_into_raw(): number;
  }
  export interface Glue {
    initSync(input: { module: WebAssembly.Module }): unknown;
    Core: new (bytes: Uint8Array) => Core;
  }
  /** Generated code with state of its own, so that an instance can be thrown away with all that belongs to it. */
  export function newGlue(): Glue;
}

declare module "nameplate:module" {
  /** The compiled core that ships with the package; how it is found differs from runtime to runtime. */
  export function defaultModule(): Promise<WebAssembly.Module>;
}
