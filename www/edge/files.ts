// The tag's files, as `src/serve/decision/asset.rs` has it: with a tag by which browsers ask whether they changed, and for as long as
// they like under an address that names their content. Packing is left to what packs pages, which not every runtime lets us do. Each is
// asked for once, and kept: they change with the program around them.

import { sha256 } from "./digest.ts";
import type { NpOptions } from "./index.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What there is, and what it is. Nothing else is asked for. */
const TYPES: Record<string, string> = {
  __proto__: null as never,
  "tag.js": "text/javascript; charset=utf-8",
  "tag-runtime.js": "text/javascript; charset=utf-8",
  "core.js": "text/javascript; charset=utf-8",
  "core.wasm": "application/wasm",
  "tag.html": "text/html; charset=utf-8",
};
/** Hexadecimal digits of a file's digest that name its content, and as many as an address must give of them. */
const VERSION_LENGTH = 16;
const VERSION_LENGTH_MIN = 8;

interface Kept {
  bytes: Bytes;
  version: string;
}

export class Files<Rest extends unknown[]> {
  readonly #find: NonNullable<NpOptions<Rest>["files"]>;
  readonly #kept = new Map<string, Kept>();

  constructor(find: NpOptions<Rest>["files"]) {
    this.#find = find ?? (() => null);
  }

  /** The answer to who asks for a file, or `null` where there is none. Rejects with what `files` rejects with. */
  async answer(name: string, { headers }: Request, query: URLSearchParams, rest: Rest): Promise<Response | null> {
    const type = TYPES[name];
    const file = type === undefined ? null : await this.#file(name, rest);
    if (type === undefined || file === null) return null;
    const entity = `"${file.version}"`;
    const said = new Headers({ etag: entity, "cache-control": cached(query.get("v"), file.version), vary: "accept-encoding, origin" });
    if (isKnown(headers, entity)) return new Response(null, { status: 304, headers: said });
    said.set("content-type", type);
    return new Response(file.bytes, { headers: said });
  }

  async #file(name: string, rest: Rest): Promise<Kept | null> {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const found = await this.#find(name, ...rest);
    const given = found instanceof Response ? (found.ok ? await found.arrayBuffer() : null) : found;
    if (given === null) return null;
    const bytes = new Uint8Array(given);
    const file = { bytes, version: (await sha256(bytes)).slice(0, VERSION_LENGTH) };
    this.#kept.set(name, file);
    return file;
  }
}

function cached(wanted: string | null, version: string): string {
  // Short enough for a mistake to be mended.
  if (wanted === null) return "public, max-age=300";
  if (wanted.length >= VERSION_LENGTH_MIN && version.startsWith(wanted)) return "public, max-age=31536000, immutable";
  // Of another version: a deployment is under way.
  return "no-store";
}

function isKnown(headers: Headers, entity: string): boolean {
  return (headers.get("if-none-match") ?? "").split(",").some((known) => known.trim() === "*" || known.trim().replace(/^W\//, "") === entity);
}
