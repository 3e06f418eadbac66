// What native/src/databases.rs does, by the package: node databases/wasm.mjs LIST

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { median } from "../lib/contenders.mjs";
import { DIST } from "../lib/places.mjs";

const { Database } = await import(join(DIST, "lib/geo-node.js"));
const { passes, addresses, files } = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** Nanoseconds of each address, one pass after the other; `null` for what is no database. */
async function look(path, wanted) {
  const bytes = readFileSync(path);
  const spent = wanted.map(() => []);
  for (let pass = 0; pass < passes; pass++) {
    let database;
    try {
      database = await Database.load(bytes);
    } catch {
      return null;
    }
    wanted.forEach((address, at) => {
      const began = process.hrtime.bigint();
      database.find(address);
      spent[at].push(Number(process.hrtime.bigint() - began));
    });
    database.free();
  }
  return spent;
}

// Node compiles what it runs often.
await look(files.at(-1).path, addresses[files.at(-1).of]);
const found = [];
for (const { path, of } of files) {
  const spent = await look(path, addresses[of]);
  if (spent === null) continue;
  const medians = spent.map(median).sort((a, b) => a - b);
  found.push({ path, medianNs: medians[medians.length >> 1], worstNs: medians.at(-1) });
}
console.log(JSON.stringify(found));
