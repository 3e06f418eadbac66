// What a fuzzer begins with, into the folder that is named: node seeds.mjs TARGET FOLDER

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "../../www/test/hostile-databases.mjs";

/** Larger databases keep a fuzzer from anything else. */
const SMALL = 8_192;
const SOME = 15;

const [target, folder] = process.argv.slice(2);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const lines = (text) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const write = (texts) => texts.forEach((text, at) => writeFileSync(join(folder, `row-${at}`), text));
/** Of each kind so many: a site is compiled for each, and for what is made of it. */
const some = (texts) => texts.filter((_, at) => at % Math.ceil(texts.length / SOME) === 0);
const payloads = () => JSON.parse(read("../payloads.json"));
/** What stands behind these words in the sample's experiences and line items, without its quotes. */
const written = (words) =>
  ["experiences", "ads"].flatMap((kind) =>
    readdirSync(new URL(`../../data/site/${kind}`, import.meta.url)).flatMap((file) =>
      [...read(`../../data/site/${kind}/${file}`).matchAll(words)].map(([, found]) => found.replace(/^(['"])(.*)\1$/, "$2")),
    ),
  );
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
    write([...new Set(values)]);
  },
  urls: () => write([...some(payloads().urls), ...some(written(/(?:href|src|link): (.*?)(?: \}|,|$)/gm)), "/pricing?of={{account.short_name | you}}", "https://www.example.com/a?b=c#d", "mailto:a@example.com?subject=A%20plan", "tel:+49-30-901820"]),
  templates: () => write([...some(payloads().html), ...some(payloads().words), ...some(written(/(?:text|html): (.*?)(?: \}|$)/gm)), '<a href="/a?b={{account.name | you}}" title="{{account.short_name | &}}">{{account.tier | 0}}</a>']),
  prefixes() {
    const all = lines(read("../../data/site/networks.csv")).map((line) => line.split(",")[0]);
    write([all.slice(1, 60).join("\n"), all.slice(-60).join("\n"), "10.0.0.0/8\n10.0.0.0/9\n10.128.0.0/9\n10.0.0.0/32\n0.0.0.0/0\n255.255.255.255/32\n::/0\n2a00::/16\n2a00::/128", "1.2.3.4/24"]);
  },
  tokens: () => write(["alder\nchampion\nspring", "alder\n\n", "alder.1795510800.champion.spring", "a.b\nc\nd"]),
  cel: () => write(written(/^when: (.*)$/gm)),
  // Eight bytes say a part of a site or a visit.
  paths: () => [3, 11, 20].forEach((parts) => writeFileSync(join(folder, `parts-${parts}`), Uint8Array.from({ length: 8 * parts }, (_, at) => (at * 97 + parts) % 251))),
  // How it is cut, what is changed, and a page.
  rewriter() {
    const page = read("../../src/cli/init/pages/index.html");
    for (let kind = 0; kind < 6; kind += 1) writeFileSync(join(folder, `page-${kind}`), `${String.fromCharCode(7 * kind + 1, kind)}${page}`);
  },
};
seeds[target]();
