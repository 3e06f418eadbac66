// A reader of address databases: text in, record out.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export async function contender({ peer, set: folder, family }) {
  const reader = await import(`../address/${peer}.mjs`);
  const inputs = readFileSync(join(folder, `addresses-${family}.txt`), "utf8").split("\n").map((line) => line.split(" ")[0]);
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
