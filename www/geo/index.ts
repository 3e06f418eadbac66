// `nameplate/geo`: what an address database in MaxMind's format says of a visitor. A module of its own with its own memory, which holds the
// database and nothing else: whoever has none loads none.
//
// As the core's instances (`../src/nameplate.ts`), one that has thrown is never called again. The database was in its memory: it is gone,
// and every answer from then on is that there is none.

import { newGlue, type Core } from "nameplate:geo";
import { defaultModule } from "nameplate:module";
import { parseAddress } from "../edge/prefix.ts";
import { parseV4 } from "../src/address.ts";
import type { Attributes, Visit } from "../src/index.ts";
import { type Given, piecesOf } from "./given.ts";

export type { Given };

/** What a mapping names: see docs/databases.md. */
export type DatabaseField = "asn" | "organisation" | "domain" | "as_organisation" | "as_domain" | "isp" | "country" | "usage" | "is_proxy" | "is_hosting" | "is_mobile" | "is_satellite" | "industry" | "employees" | "revenue";

export interface DatabaseOptions {
  /** How many bytes come, where what is given does not say it. */
  length?: number;
  /** Where a schema of one's own has what: keys with dots between, `{ employees: "company.size" }`. */
  fields?: Partial<Record<DatabaseField, string>>;
  /** The compiled module. Without it the package's own file is read, fetched or imported, as the runtime allows. */
  module?: WebAssembly.Module;
}

/** What a database says of itself. `built`: Unix seconds. */
export interface About {
  kind: string;
  built: number;
  ipVersion: 4 | 6;
  nodeCount: number;
  byteCount: number;
}

export type Usage = "business" | "access" | "mobile" | "hosting" | "education" | "government" | "proxy" | "crawler";

/** What a database says of whoever holds an address. */
export interface AddressRecord {
  asn: number | null;
  organisation: string | null;
  isp: string | null;
  domain: string | null;
  /** Two letters of ISO 3166-1, of the range: not of a company's head office. */
  country: string | null;
  usage: Usage | null;
  /** The company that people there work for; `null` where the range is shared, or nobody says that it is not. */
  company: Attributes | null;
}

/** An address is found, or not, or the database cannot answer for it: its record is broken, or costs more than a visitor may wait for. */
export type Found = { kind: "record"; record: AddressRecord } | { kind: "nothing" } | { kind: "not-answerable" };

const NOTHING: Found = Object.freeze({ kind: "nothing" });
const NOT_ANSWERABLE: Found = Object.freeze({ kind: "not-answerable" });
/** Records that are kept for those who come next. */
const RECORDS_MAX = 1_024;
const decoder = new TextDecoder();

export class Database {
  readonly about: About;
  readonly #memory: WebAssembly.Memory;
  #core: Core | null;
  /** By the places of their records. */
  readonly #known = new Map<number, Found>();

  /**
   * Opens a database. Its bytes are written into the module's memory as they come. Rejects with an `Error` that says what was expected, and
   * what was found.
   */
  static async load(given: Given, { length, fields = {}, module }: DatabaseOptions = {}): Promise<Database> {
    const compiled = module ?? (await defaultModule());
    const { length: expected, pieces } = await piecesOf(given, length);
    const glue = newGlue();
    const { memory } = glue.initSync({ module: compiled });
    const core = new glue.Database(expected);
    const at = core.bytes();
    let count = 0;
    for await (const piece of pieces) {
      if (count + piece.length > expected) throw new Error(`expected an address database of ${expected} bytes, found more`);
      new Uint8Array(memory.buffer, at + count, piece.length).set(piece);
      count += piece.length;
    }
    if (count < expected) throw new Error(`expected an address database of ${expected} bytes, found ${count}`);
    const mapping = Object.entries(fields).map(([field, path]) => `${field}=${path}`);
    return new Database(core, memory, core.open(mapping.join()));
  }

  private constructor(core: Core, memory: WebAssembly.Memory, about: number) {
    this.#core = core;
    this.#memory = memory;
    this.about = Object.freeze(this.#read<About>(core, about));
  }

  /** How much memory it takes. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** What it says of an address. Never throws. A record is frozen and handed out again. */
  find(ip: string): Found {
    if (typeof ip !== "string") return NOTHING;
    const core = this.#core;
    if (core === null) return NOT_ANSWERABLE;
    try {
      const place = placeOf(core, ip);
      if (place < 0) return place === -1 ? NOTHING : NOT_ANSWERABLE;
      return this.#known.get(place) ?? this.#learn(core, place);
    } catch {
      this.#core = null;
      // Takes the object out of the glue's FinalizationRegistry, which would call into the dead instance later.
      core.__destroy_into_raw();
      return NOT_ANSWERABLE;
    }
  }

  /**
   * The visit with what the database says of its address: the company as `attributes`, and for what the site declares under `custom` in
   * nameplate.yaml `country`, `asn`, `organisation` and `usage`. What the visit says itself stays. Never throws.
   */
  described<V extends Visit>(visit: V): V {
    const found = typeof visit?.ip === "string" ? this.find(visit.ip) : NOTHING;
    if (found.kind !== "record") return visit;
    const { asn, country, organisation, usage, company } = found.record;
    const { visitor } = visit;
    const known = Object.entries({ country, asn, organisation, usage }).filter(([, value]) => value !== null);
    const custom = { ...Object.fromEntries(known), ...visitor?.custom };
    return { ...visit, attributes: visit.attributes ?? company, visitor: { ...visitor, custom } };
  }

  /** Gives the memory back. */
  free(): void {
    this.#core?.free();
    this.#core = null;
  }

  /** Reads the record of the address that was looked for last. */
  #learn(core: Core, place: number): Found {
    const length = core.read();
    const found: Found = length < 0 ? NOT_ANSWERABLE : Object.freeze({ kind: "record", record: frozen(this.#read<AddressRecord>(core, length)) });
    if (this.#known.size >= RECORDS_MAX) this.#known.clear();
    this.#known.set(place, found);
    return found;
  }

  /** The object whose JSON text was made last. */
  #read<T>(core: Core, length: number): T {
    return JSON.parse(decoder.decode(new Uint8Array(this.#memory.buffer, core.text(), length))) as T;
  }
}

/** Where an address has its record: as `find_v4` says it, -1 too for what is no address. */
function placeOf(core: Core, ip: string): number {
  const v4 = parseV4(ip);
  if (v4 >= 0) return core.find_v4(v4);
  const address = parseAddress(ip.trim());
  if (address === null) return -1;
  const [a, b, c, d] = address.words as [number, number, number, number];
  return address.words.length === 1 ? core.find_v4(a) : core.find_v6(a, b, c, d);
}

function frozen(record: AddressRecord): AddressRecord {
  Object.freeze(record.company?.domains);
  Object.freeze(record.company);
  return Object.freeze(record);
}
