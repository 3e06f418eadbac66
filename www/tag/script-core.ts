// The core where a policy forbids WebAssembly: its exports come from a script that wasm2js wrote, see `core-js.mjs`. To the
// generated code around the core this looks like `WebAssembly`.

type Imports = Record<string, Record<string, (...values: number[]) => unknown>>;
type Exports = Record<string, unknown>;

export class ScriptCore {
  readonly #instantiate: (imports: Imports) => Exports;

  constructor(instantiate: (imports: Imports) => Exports) {
    this.#instantiate = instantiate;
  }

  /** The same exports as of the wasm module, with the table of references and the constructor's three results. */
  instance(imports: Imports): { exports: Exports } {
    const table: unknown[] = [];
    let reference: unknown;
    let three: number[] | undefined;
    const wrapped: Imports = { __proto__: null } as never;
    for (const [module, functions] of Object.entries(imports)) {
      wrapped[module] = { ...functions };
      for (const [name, call] of Object.entries(functions)) {
        // The one import that answers with an object. It stands still until the core has found a place in the table.
        if (/^__wbg_Error_/.test(name)) wrapped[module][name] = (...values) => ((reference = call(...values)), 0);
      }
    }
    wrapped["references"] = {
      set: (at = 0) => ((table[at] = reference), (reference = undefined)),
      grow: (_, count = 0) => (table.length += count) - count,
      three: (...values) => ((three = values), 0),
    };
    const exports = this.#instantiate(wrapped);
    const construct = exports["core_new"] as (...values: number[]) => number;
    return {
      exports: {
        ...exports,
        core_new: (...values: number[]) => {
          const one = construct(...values);
          return three ?? one;
        },
        __wbindgen_externrefs: { get: (at: number) => table[at], set: (at: number, value: unknown) => (table[at] = value) },
      },
    };
  }
}

/** What the generated code calls `WebAssembly`. Whatever it is handed has been compiled: only the kind differs. */
export const host = {
  Module: { [Symbol.hasInstance]: () => true },
  Instance: function (module: WebAssembly.Module | ScriptCore, imports: WebAssembly.Imports) {
    return module instanceof ScriptCore ? module.instance(imports as Imports) : new WebAssembly.Instance(module, imports);
  },
};
