// A reader of address databases: text in, record out.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** So many that the table is met everywhere, and so few that the texts themselves stay close: a server's are fresh. */
const ADDRESSES = 1 << 15;

export async function contender({ peer, set: folder, family }) {
  const reader = await import(`../address/${peer}.mjs`);
  const lines = readFileSync(join(folder, `addresses-${family}.txt`), "utf8").split("\n", ADDRESSES);
  // Copied, or each would be a window into the file's text, which is slower to read than what a socket hands out.
  const inputs = lines.map((line) => Buffer.from(line.split(" ")[0]).toString("latin1"));
  const self = {
    isAsync: false,
    inputs: () => inputs,
    async open() {
      self.call = await reader.open(folder);
    },
    answer(address) {
      const record = self.call(address);
      return record ? (reader.idOf ?? (({ id }) => id))(record) : null;
    },
    how: () => reader.how,
  };
  return self;
}
