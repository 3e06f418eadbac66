// What nobody can notice is taken out of a WebAssembly module before wasm-opt: a panic traps at once, so no one hears what it says, and
// the code and the tables that would put it into words are not shipped.

import binaryen from "binaryen";

/** What follows a panic, by its first function; all of them end in a trap. */
const PANIC = /^(core::panicking::|core::.*(_fail|unwrap_failed)|std::panicking::|std::alloc::(default_alloc_error_hook|rust_oom)|alloc::raw_vec::(handle_error|capacity_overflow)|__rustc::rust_|<.* as core::panic::PanicPayload>::)/;
/** Writes values as programmers do. Only panics ask for it, and the library that reads address databases. */
const DEBUG = /^<.* as core::fmt::Debug>::/;
/** Tells that writing which letters to escape, by tables of its own that no compression helps. */
const LETTERS = /^core::unicode::(printable|unicode_data::grapheme_extend)::/;
/** Where a panic has happened. */
const PLACE = /(\/rustc\/[0-9a-f]{40}|rust|crates)\/[\w./-]+\.rs/g;
/**
 * What the standard library's panics say, and wasm-bindgen of an instance that is used wrongly, word for word: texts stand one behind the other,
 * without a mark between. What is not found stays.
 */
const PHRASES =
  /slice index starts at |range (?:start|end) index | out of range for slice of length |index out of bounds: the len is | but the index is |begin > end \(| when slicing `|(?:start|end) byte index | is out of bounds of `| is not a char boundary; it is inside |copy_from_slice: source slice length \(| does not match destination slice length \(|(?:swap_)?remov(?:e|al) index \(is |\) should be < len \(is | but ends at |a (?:formatting trait|Display) implementation returned an error (?:when the underlying stream did not|unexpectedly)|Attempted to initialize thread-local while it is being dropped|one-time initialization may not be performed recursively|internal error: entered unreachable code: invalid Once state|assertion failed: (?:len > 0|idx < CAPACITY|edge\.height == self\.height - 1|src\.len\(\) == dst\.len\(\)|old_left_len >= count)|attempt to join into collection with len > usize::MAX|called `(?:Option|Result)::unwrap\(\)` on an? `(?:None|Err)` value|(?:Hash table )?capacity overflow|to_digit: invalid radix -- radix must be in the range 2 to 36 inclusive|attempted to take ownership of Rust value while it was borrowed|null pointer passed to rust|recursive use of an object detected which would lead to unsafe aliasing in rust/g;
const DATA_SECTION = 11;

/** `isPlain`: the module writes values as programmers do. */
export function withoutPanicMessages(wasm, isPlain) {
  const bytes = Buffer.from(wasm);
  const text = bytes.toString("latin1");
  for (const { index, 0: said } of [...text.matchAll(PLACE), ...text.matchAll(PHRASES)]) bytes.fill(0, index, index + said.length);
  if (!isPlain) for (const table of tablesOf(bytes)) table.fill(0);
  const silent = isPlain ? [PANIC] : [PANIC, DEBUG, LETTERS];
  const module = binaryen.readBinary(bytes);
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const reference = module.getFunctionByIndex(index);
    const { name, module: importedFrom } = binaryen.getFunctionInfo(reference);
    const plain = plainName(name);
    if (importedFrom === "" && silent.some((names) => names.test(plain))) binaryen.Function.setBody(reference, module.unreachable());
  }
  const stripped = module.emitBinary();
  module.dispose();
  return stripped;
}

/** binaryen escapes what is no letter; a crate's name may carry a number of its build. */
function plainName(name) {
  return name.replace(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))).replace(/\[[0-9a-f]+\]/g, "");
}

/** The data that only `LETTERS` point at, each piece up to the next address that anything else may know. */
function tablesOf(wasm) {
  const [owned, others] = [new Set(), new Set()];
  const module = binaryen.readBinary(wasm);
  for (const text of module.emitText().split(/^ \(func \$/m).slice(1)) {
    const [, name] = /^"?([^"\s]+|(?<=")[^"]+)/.exec(text);
    const known = LETTERS.test(plainName(name)) ? owned : others;
    for (const [, address] of text.matchAll(/(?:i32\.const |offset=)(\d+)/g)) known.add(Number(address));
  }
  module.dispose();
  const segments = segmentsOf(wasm);
  for (const { data } of segments) {
    for (let at = 0; at + 4 <= data.length; at += 4) others.add(data.readUInt32LE(at));
  }
  const stops = [...others].sort((a, b) => a - b);
  return segments.flatMap(({ address, data }) => {
    const end = address + data.length;
    const begins = [...owned].filter((begin) => begin >= address && begin < end && !others.has(begin));
    return begins.map((begin) => data.subarray(begin - address, Math.min(end, stops.find((stop) => stop > begin) ?? end) - address));
  });
}

/** What a module puts into its memory, and where. */
function segmentsOf(wasm) {
  let at = 8;
  const number = () => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = wasm[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value;
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = number() + at;
    if (section === DATA_SECTION) {
      return Array.from({ length: number() }, () => {
        // The kind and `i32.const`; then `end`.
        at += 2;
        const address = number();
        at += 1;
        const length = number();
        at += length;
        return { address, data: wasm.subarray(at - length, at) };
      });
    }
    at = end;
  }
  return [];
}
