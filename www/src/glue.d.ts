// The generated wasm-bindgen code as a factory. `build.mjs` makes the module: see the plugin `glue` there.

declare module "nameplate:glue" {
  /** See `src/wasm.rs`, which documents every call. Positions are those of the bundle's lists; -1 is none. */
  export interface Core {
    room(length: number): number;
    take(
      ip: number,
      account: number,
      url: number,
      referrer: number,
      id: number,
      role: number,
      language: number,
      now: number,
      visits: number,
    ): void;
    choose(): number;
    explain(): unknown;
    account_of_v4(bits: number): number;
    account_of_text(length: number): number;
    account_view(account: number): unknown;
    matched(how: number, network: number): unknown;
    slot_change(slot: number, kind: number, experience: number, variant: number, account: number): unknown;
    slot_reason(slot: number, kind: number, experience: number, variant: number): unknown;
    ad(placement: number, lineItem: number, creative: number, account: number): unknown;
    placement_reason(placement: number, lineItem: number, isHeldOut: boolean): unknown;
    exposure(experience: number, variant: number): unknown;
    slot_count(): number;
    placement_count(): number;
    site(): unknown;
    free(): void;
    /** Forgets the Rust object without calling into wasm. */
    __destroy_into_raw(): number;
  }
  export interface Glue {
    initSync(input: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
    Core: new (bytes: Uint8Array) => Core;
  }
  /** Generated code with state of its own, so that an instance can be thrown away with all that belongs to it. */
  export function newGlue(): Glue;
}

declare module "nameplate:module" {
  /** The compiled core that ships with the package; how it is found differs from runtime to runtime. */
  export function defaultModule(): Promise<WebAssembly.Module>;
}
