// The generated code of `src/wasm/geo.rs` as a factory, as `src/glue.d.ts` has it of the core's.

declare module "nameplate:geo" {
  /** See `src/wasm/geo.rs`. What gives a text gives its length in bytes. */
  export interface Core {
    bytes(): number;
    open(mapping: string): number;
    find_v4(bits: number): number;
    find_v6(a: number, b: number, c: number, d: number): number;
    read(): number;
    text(): number;
    free(): void;
    /** Forgets the Rust object without calling into wasm. */
    __destroy_into_raw(): number;
  }
  export interface Glue {
    initSync(input: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
    Database: { new (length: number): Core };
  }
  export function newGlue(): Glue;
}
