// A page that is rewritten on its way to the visitor. Whatever happens to the core, the page goes on: what the core has not given
// back is kept here, and follows as its author wrote it.

import { newGlue, type Page as CorePage } from "nameplate:glue";
import { joined } from "./joined.ts";
import type { Rewriter } from "./rewriter.ts";
import type { AppliedChange, SlotChange } from "./types.ts";

/** Bytes that the core takes at a time. */
const CHUNK = 65_536;
/** As in `src/wasm/page.rs`, each told by the number of its place. */
const KINDS: AppliedChange["kind"][] = ["text", "html", "attribute", "class", "visible", "before", "after"];

/** Stands between texts: calls of the encoder cost more than what it writes. A slot whose texts hold it is left to the tag. */
const SEPARATOR = "\u001f";

const encoder = new TextEncoder();

/** One wasm instance for many pages. The first fault in it ends it: it is not called again. */
export class Press {
  isBroken = false;
  readonly #glue = newGlue();
  readonly #memory: WebAssembly.Memory;
  #bytes = new Uint8Array();
  /** One that is over: to make another costs the collector more than a short page costs us. */
  #spare: CorePage | undefined;

  constructor(module: WebAssembly.Module) {
    this.#memory = this.#glue.initSync({ module }).memory;
  }

  newPage(): CorePage {
    const page = this.#spare ?? new this.#glue.Page();
    this.#spare = undefined;
    return page;
  }

  /** Takes back a page that is over. */
  keep(page: CorePage): void {
    if (this.#spare === undefined) this.#spare = page;
    else page.free();
  }

  /** The memory, whose view is made anew when it has grown. */
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }
}

/** One page. Nothing in it throws: without a core, bytes come back as they went in. */
export class PageRewriter implements Rewriter {
  readonly #press: Press;
  readonly #begin: () => CorePage;
  /** From the first bytes on: pages that wait for theirs need none. */
  #page: CorePage | undefined;
  #isOver = false;
  #rewrites = 0;
  /** What the core has taken and not given back, in order. */
  #kept: Uint8Array[] = [];

  /** `told` is what goes behind the slice, as `Nameplate.told` gives it. */
  constructor(press: Press, slots: readonly SlotChange[], slice: Uint8Array | null, told: string) {
    this.#press = press;
    this.#begin = () => {
      const page = (this.#page = press.newPage());
      const texts = told + slots.map(textsOf).join("");
      // A UTF-16 unit becomes three bytes at most.
      const at = page.room(3 * texts.length + (slice?.length ?? 0));
      const { written } = encoder.encodeInto(texts, press.bytes.subarray(at));
      if (slice !== null) press.bytes.set(slice, at + written);
      page.begin(written, slice?.length ?? 0);
      return page;
    };
  }

  get rewrites(): number {
    return this.#rewrites;
  }

  write(chunk: Uint8Array): Uint8Array {
    if (this.#isOver) return chunk;
    const parts: Uint8Array[] = [];
    for (let at = 0; at < chunk.length; at += CHUNK) parts.push(this.#take(chunk.subarray(at, at + CHUNK), false));
    return joined(parts);
  }

  end(last = new Uint8Array(), room?: Uint8Array): Uint8Array {
    if (this.#isOver || (this.#page === undefined && last.length === 0)) return last;
    const most = Math.max(0, Math.ceil(last.length / CHUNK) - 1) * CHUNK;
    if (most > 0) return joined([this.write(last.subarray(0, most)), this.end(last.subarray(most))]);
    const rest = this.#take(last, true, room);
    this.#leave((page) => this.#press.keep(page));
    return rest;
  }

  cancel(): void {
    this.#leave((page) => page.free());
  }

  #leave(go: (page: CorePage) => void): void {
    const page = this.#page;
    this.#page = undefined;
    this.#isOver = true;
    this.#kept = [];
    if (page === undefined || this.#press.isBroken) return;
    try {
      go(page);
    } catch {
      this.#press.isBroken = true;
    }
  }

  #take(piece: Uint8Array, isLast: boolean, room?: Uint8Array): Uint8Array {
    this.#kept.push(piece);
    return this.#ask((page) => {
      // Before the memory is looked at, which it may make grow.
      const at = page.room(piece.length);
      this.#press.bytes.set(piece, at);
      const done = this.#output(page, isLast ? page.end(piece.length) : page.write(piece.length));
      // What may fail comes before the piece is forgotten, and what may overwrite it behind that.
      const given = room !== undefined && room.length >= done.length ? room.subarray(0, done.length) : new Uint8Array(done.length);
      this.#rewrites = page.rewrites();
      this.#forget(page.pending());
      given.set(done);
      return given;
    });
  }

  /** What `work` gives; when the core fails, what it has not given back. */
  #ask(work: (page: CorePage) => Uint8Array): Uint8Array {
    try {
      if (this.#press.isBroken) throw new Error("another page has broken the core");
      return work(this.#page ?? this.#begin());
    } catch {
      this.#press.isBroken = true;
      this.#page?.__destroy_into_raw();
      this.#page = undefined;
      this.#isOver = true;
      return joined(this.#kept.splice(0));
    }
  }

  /** Of all that was kept, only the last `count` bytes are needed. Whose chunk it was may use its memory again. */
  #forget(count: number): void {
    let more = this.#kept.reduce((sum, { length }) => sum + length, -count);
    while (more > 0) {
      const [first] = this.#kept as [Uint8Array];
      if (first.length > more) this.#kept[0] = first.subarray(more);
      else this.#kept.shift();
      more -= first.length;
    }
    const last = this.#kept.pop();
    if (last !== undefined) this.#kept.push(last.slice());
  }

  /** Where they stand: the next call may move them. */
  #output(page: CorePage, length: number): Uint8Array {
    const at = page.output();
    return this.#press.bytes.subarray(at, at + length);
  }
}

/** Texts of slots that decisions hand out again and again. */
const knownTexts = new WeakMap<SlotChange, string>();

function textsOf(change: SlotChange): string {
  const known = knownTexts.get(change);
  if (known !== undefined) return known;
  const texts = newTextsOf(change);
  // Somebody's own may be another the next time.
  if (Object.isFrozen(change) && Object.isFrozen(change.changes)) knownTexts.set(change, texts);
  return texts;
}

/** A slot, and what changes in it; nothing of one that the core does not know how to change. */
function newTextsOf({ slot, selector, changes }: SlotChange): string {
  const texts = [`s${slot}`, selector];
  for (const change of changes) {
    const kind = KINDS.indexOf(change.kind);
    if (kind < 0) return "";
    const value = "value" in change ? change.value : "";
    texts.push(`${kind}${"name" in change ? change.name : ""}`, typeof value === "string" ? value : value ? "1" : "");
  }
  return texts.some((text) => text.includes(SEPARATOR)) ? "" : SEPARATOR + texts.join(SEPARATOR);
}
