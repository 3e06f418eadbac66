// Writes prefixes as a MaxMind DB, for the peers that read one: a binary trie over 128 bits, IPv4 below ::/96, and one
// record `{ id, name }` an account. Keys are written once and pointed to, as MaxMind's own writer does.

const EMPTY = -1;

/** The database's bytes. `networks`: `{ bits, length, account }`; `accounts`: `{ id, name }`. */
export function mmdb(networks, accounts) {
  const { left, right } = trie(networks);
  const { data, offsets } = records(accounts);
  const count = left.length;
  const size = count + 16 + data.length < 2 ** 24 ? 24 : 32;
  const tree = Buffer.alloc((count * size) / 4);
  const value = (child) => (child >= 0 ? child : child === EMPTY ? count : count + 16 + offsets[-child - 2]);
  for (let at = 0; at < count; at++) {
    const bytes = size / 8;
    tree.writeUIntBE(value(left[at]), at * 2 * bytes, bytes);
    tree.writeUIntBE(value(right[at]), at * 2 * bytes + bytes, bytes);
  }
  const metadata = map([
    ["node_count", unsigned(6, count)],
    ["record_size", unsigned(5, size)],
    ["ip_version", unsigned(5, 6)],
    ["database_type", text("Nameplate-Bench")],
    ["languages", Buffer.concat([control(11, 1), text("en")])],
    ["binary_format_major_version", unsigned(5, 2)],
    ["binary_format_minor_version", unsigned(5, 0)],
    ["build_epoch", unsigned(9, 1_781_722_800)],
    ["description", map([["en", text("accounts of a bench")]])],
  ]);
  return Buffer.concat([tree, Buffer.alloc(16), data, Buffer.from("abcdef", "hex"), Buffer.from("MaxMind.com"), metadata]);
}

/** Children: a node's number, `EMPTY`, or `-2 - account`. Wider prefixes go in first, longer ones split them. */
function trie(networks) {
  const left = [EMPTY];
  const right = [EMPTY];
  const depth = ({ bits, length }) => (typeof bits === "bigint" ? length : 96 + length);
  for (const network of [...networks].sort((a, b) => depth(a) - depth(b))) {
    const bits = BigInt(network.bits) & ((1n << 128n) - 1n);
    const end = depth(network);
    let node = 0;
    for (let at = 0; at < end; at++) {
      const side = at < 96 && typeof network.bits === "number" ? left : (bits >> BigInt(127 - at)) & 1n ? right : left;
      if (at === end - 1) {
        side[node] = -2 - network.account;
      } else {
        if (side[node] < 0) {
          const inherited = side[node];
          left.push(inherited);
          right.push(inherited);
          side[node] = left.length - 1;
        }
        node = side[node];
      }
    }
  }
  return { left, right };
}

function records(accounts) {
  const chunks = [];
  let length = 0;
  const add = (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    return length - chunk.length;
  };
  const keys = { id: add(text("id")), name: add(text("name")) };
  const offsets = accounts.map(({ id, name }) =>
    add(Buffer.concat([control(7, 2), pointer(keys.id), text(id), pointer(keys.name), text(name)])),
  );
  return { data: Buffer.concat(chunks), offsets };
}

/** A type and a size, as the format packs them. */
function control(type, size) {
  const extended = type > 7 ? [type - 7] : [];
  const high = type > 7 ? 0 : type << 5;
  if (size < 29) return Buffer.from([high | size, ...extended]);
  if (size < 285) return Buffer.from([high | 29, ...extended, size - 29]);
  return Buffer.from([high | 30, ...extended, (size - 285) >> 8, (size - 285) & 255]);
}

const pointer = (offset) => Buffer.from([(1 << 5) | (offset >> 8), offset & 255]);

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([control(2, bytes.length), bytes]);
}

function unsigned(type, value) {
  const bytes = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.concat([control(type, bytes.length), Buffer.from(bytes)]);
}

const map = (entries) => Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, value]) => [text(key), value])]);
