// The generated wasm-bindgen code as a factory. `build.mjs` makes the module: see the plugin `glue` there.

declare module "nameplate:glue" {
  /** See `src/wasm.rs`, which documents every call. Positions are those of the bundle's lists; -1 is none. What gives a text gives its length in bytes. */
  export interface Core {
    room(length: number): number;
    take(
      url: number,
      account: number,
      referrer: number,
      id: number,
      role: number,
      language: number,
      now: number,
      visits: number,
    ): void;
    tell_text(name: number, length: number): void;
    tell_int(name: number, value: number): void;
    tell_bool(name: number, value: boolean): void;
    add_text(field: number, length: number): void;
    add_int(field: number, value: number): void;
    choose(): number;
    text(): number;
    explain(): number;
    account_view(account: number): number;
    matched(how: number, network: number, ageDays: number): number;
    slot_change(slot: number, kind: number, experience: number, variant: number, account: number): number;
    slot_reason(slot: number, kind: number, experience: number, variant: number): number;
    ad(placement: number, lineItem: number, creative: number, account: number): number;
    placement_reason(placement: number, lineItem: number, isHeldOut: boolean): number;
    exposure(experience: number, variant: number): number;
    reads(): number;
    cookies(): number;
    slot_count(): number;
    placement_count(): number;
    site(): number;
    /** In the servers' module. */
    find_v4(bits: number): number;
    find_v6(a: number, b: number, c: number, d: number): number;
    find_text(length: number): number;
    set_token_key(length: number): boolean;
    cohort(): number;
    slice(): Uint8Array;
    slice_key(): number;
    told(): number;
    seal(slice: Uint8Array, secret: Uint8Array, now: number, environment: Uint8Array, counter: number, created: number, expires: number): Uint8Array;
    without_addresses(text: Uint8Array): number;
    free(): void;
    /** Forgets the Rust object without calling into wasm. */
    __destroy_into_raw(): number;
  }
  /** See `src/wasm/page.rs`. */
  export interface Page {
    room(length: number): number;
    begin(texts: number, slice: number): void;
    write(length: number): number;
    end(length: number): number;
    output(): number;
    pending(): number;
    rewrites(): number;
    free(): void;
    __destroy_into_raw(): number;
  }
  export interface Glue {
    initSync(input: { module: WebAssembly.Module }): { memory: WebAssembly.Memory; core_cohort?: unknown };
    Core: {
      new (bytes: Uint8Array, digest: Uint8Array): Core;
      verifies(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
    };
    /** In the servers' module. */
    Page: { new (): Page };
  }
  /** Generated code with state of its own, so that an instance can be thrown away with all that belongs to it. */
  export function newGlue(): Glue;
}

declare module "nameplate:module" {
  /** The compiled core that ships with the package; how it is found differs from runtime to runtime. */
  export function defaultModule(): Promise<WebAssembly.Module>;
}
