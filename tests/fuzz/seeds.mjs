// What a fuzzer begins with, into the folder that is named: node seeds.mjs TARGET FOLDER

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "../../www/test/hostile-databases.mjs";

/** Larger databases keep a fuzzer from anything else. */
const SMALL = 8_192;

const [target, folder] = process.argv.slice(2);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const lines = (text) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
mkdirSync(folder, { recursive: true });
// Stands for the small site of tests/it, where a bundle is asked for.
writeFileSync(join(folder, "small"), "small");

const seeds = {
  bundle_open: () => copyFileSync(new URL("../../target/site.npb", import.meta.url), join(folder, "site.npb")),
  mmdb() {
    const made = rowsOf(read("../mmdb/stages.txt")).map(({ bytes }) => bytes());
    made.forEach((bytes, at) => bytes.length <= SMALL && writeFileSync(join(folder, `row-${at}`), bytes));
  },
  forwarded() {
    const values = lines(read("../client.txt")).flatMap((line) => line.split("\t").slice(3)).map((header) => header.slice(header.indexOf(" ") + 1));
    [...new Set(values)].forEach((value, at) => writeFileSync(join(folder, `row-${at}`), value));
  },
  // Eight bytes say a part of a site or a visit.
  paths: () => [3, 11, 20].forEach((parts) => writeFileSync(join(folder, `parts-${parts}`), Uint8Array.from({ length: 8 * parts }, (_, at) => (at * 97 + parts) % 251))),
  // How it is cut, what is changed, and a page.
  rewriter() {
    const page = read("../../src/cli/init/pages/index.html");
    for (let kind = 0; kind < 6; kind += 1) writeFileSync(join(folder, `page-${kind}`), `${String.fromCharCode(7 * kind + 1, kind)}${page}`);
  },
};
seeds[target]();
