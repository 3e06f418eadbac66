// Changes put into pages: the engines alone, without a server around them.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Contender, race } from "../lib/contenders.mjs";
import { largePage } from "../lib/large-page.mjs";
import { makePages, readPage, SIZES } from "../lib/pages.mjs";
import { DIST } from "../lib/places.mjs";
import { compressed, microseconds, number, table } from "../lib/report.mjs";
import { essence } from "../lib/same-page.mjs";
import { makeWorker } from "../lib/workerd.mjs";
import { WorkerdContender } from "../lib/workerd-contender.mjs";

const NODE = { ours: "**Nameplate**, wasm in Node", "html-rewriter-wasm": "`html-rewriter-wasm`, Node", htmlrewriter: "`htmlrewriter`, Node", pass: "the page copied, Node" };
const WORKERD = {
  ours: "**Nameplate**, wasm in workerd",
  whole: "**Nameplate**, the same of a page that came whole",
  decided: "**Nameplate**, the same, decided for each page",
  native: "workerd's `HTMLRewriter`",
  pass: "the page as a `Response`, workerd",
};

/** `set`: the folder of a set. */
export async function rewriter(set, { rounds, ms, say }) {
  const { folder, bundle, slots, visit } = await makePages(set);
  const contenders = await start(folder, bundle, visit);
  const data = {};
  try {
    for (const size of SIZES) {
      say(`rewriter: ${size} KB`);
      await check(contenders, readPage(folder, size).toString(), size);
      const results = await race(Object.values(contenders), { of: String(size), rounds, ms });
      data[size] = Object.fromEntries(Object.entries(contenders).map(([name, contender]) => [name, results.get(contender)]));
    }
  } finally {
    for (const contender of Object.values(contenders)) contender.end();
  }
  const memory = await largePage(folder, visit);
  const wasm = compressed(readFileSync(join(DIST, "edge.wasm")));
  const bytes = Object.fromEntries(SIZES.map((size) => [size, readPage(folder, size).length]));
  const rows = Object.keys(contenders).map((name) => [name, ...SIZES.flatMap((size) => [microseconds(data[size][name].cpuNs), number((bytes[size] * 1e3) / data[size][name].cpuNs)])]);
  return {
    data: { pages: data, bytes, wasm, memory },
    text: `CPU microseconds for a page of ${SIZES.map((size) => number(bytes[size], 9)).join(", ")} bytes with ${slots.length} slots (a text, two HTML, a link, an image), and MB/s; medians of ${rounds} rounds. All
give the same elements, attributes and texts (checked); Nameplate notes in the page, besides, what its author wrote. A rewriter is made
for each page, for its visitor's changes. Of a page that came whole, what stands behind its last slot (here the second half) is not read. The edge's wasm: ${number(wasm.raw, 9)} bytes, brotli ${number(wasm.brotli, 9)}.

${table(["", ...SIZES.flatMap((size) => [`${size} KB`, "MB/s"])], rows)}

A page of 10 MiB takes ${number(memory.native / 2 ** 20)} MiB more than one of 20 KB natively (the most that \`nameplate rewrite\` had), and ${number(memory.wasm / 2 ** 20)} MiB of wasm memory.`,
  };
}

async function start(folder, bundle, visit) {
  const contenders = {};
  for (const [peer, name] of Object.entries(NODE)) contenders[name] = new Contender(name, { kind: "rewriter", peer, set: folder });
  contenders["**Nameplate**, native"] = new Contender("native", { kind: "rewriter", peer: "ours", set: folder }, true);
  for (const contender of Object.values(contenders)) await contender.ask({ do: "open" });
  const files = { "site.npb": bundle, "slots.json": readFileSync(join(folder, "slots.json")), "visit.json": JSON.stringify(visit) };
  for (const size of SIZES) files[`${size}.html`] = readPage(folder, size);
  const worker = await makeWorker("rewriter", { files });
  for (const [engine, name] of Object.entries(WORKERD)) contenders[name] = new WorkerdContender(await worker.start(), engine);
  return contenders;
}

/** That all engines change the page, and alike. */
async function check(contenders, page, size) {
  const untouched = essence(page);
  let expected;
  for (const [name, contender] of Object.entries(contenders)) {
    const [answer] = (await contender.ask({ do: "answers", of: String(size), count: 1 })).answers;
    const found = essence(answer);
    if (name === NODE.pass || name === WORKERD.pass ? found !== untouched : found === untouched) throw new Error(`${name} does not do what it is asked with the page of ${size} KB`);
    if (found === untouched) continue;
    expected ??= found;
    if (found !== expected) throw new Error(`${name} makes another page of ${size} KB: ${difference(found, expected)}`);
  }
}

function difference(found, expected) {
  const at = [...found].findIndex((letter, at) => letter !== expected[at]);
  return `\`${found.slice(at - 40, at + 40)}\`, expected \`${expected.slice(at - 40, at + 40)}\``;
}
