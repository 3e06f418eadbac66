// What no writer makes: the rows of tests/mmdb/stages.txt, which says how to read them, and what comes of each.

/** What the table asks for. */
const PROBES = ["8.8.8.8", "9.9.9.9", "2a00:1450::1"];
const LETTERS = { record: "r", nothing: "-", "not-answerable": "x" };

/** `{ name, how, expected, bytes }`, the bytes made when they are asked for. */
export function rowsOf(table) {
  const lines = table.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [name, how, expected, , recipe] = line.split("\t");
    return { name, how, expected, bytes: () => cooked(recipe) };
  });
}

/** The bytes of a recipe: hexadecimal, and `ab*30` for a byte thirty times. */
export function cooked(recipe) {
  const parts = recipe.split(" ").filter((part) => part !== "");
  const bytes = parts.map((part) => {
    const [hex, count] = part.split("*");
    if (count !== undefined) return new Uint8Array(Number(count)).fill(Number.parseInt(hex, 16));
    return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  });
  const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What comes of a row, in the words of the table. `load` opens bytes. */
export async function outcomeOf({ how, bytes }, load) {
  const whole = bytes();
  if (how === "whole") return outcome(whole, load);
  const counts = new Map();
  for (let at = 0; at < whole.length; at += 1) {
    const came = await outcome(how === "cut" ? whole.subarray(0, at) : flipped(whole, at), load);
    counts.set(came, (counts.get(came) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([came, count]) => `${came} ${count}`).join(", ");
}

function flipped(bytes, at) {
  const copy = bytes.slice();
  copy[at] ^= 1 << (at % 8);
  return copy;
}

async function outcome(bytes, load) {
  let database;
  try {
    database = await load(bytes);
  } catch (error) {
    // A trap is no refusal.
    return error instanceof WebAssembly.RuntimeError ? "trapped" : "refused";
  }
  const found = PROBES.map((address) => LETTERS[database.find(address).kind]).join("");
  database.free();
  return found;
}
