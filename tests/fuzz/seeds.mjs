// Databases for the fuzzer to begin with: those of tests/mmdb/stages.txt that are small, into the folder that is named.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "../../www/test/hostile-databases.mjs";

const SMALL = 8_192;

const rows = rowsOf(readFileSync(new URL("../mmdb/stages.txt", import.meta.url), "utf8"));
rows.forEach(({ bytes }, at) => {
  const made = bytes();
  if (made.length <= SMALL) writeFileSync(join(process.argv[2], `row-${at}`), made);
});
