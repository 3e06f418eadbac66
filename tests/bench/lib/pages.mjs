// Pages of the sizes that are measured, and a visitor who sees changes in all their slots.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { PAGE_SLOTS, page } from "../generate/page.mjs";
import { DIST } from "./places.mjs";

/** KB. */
export const SIZES = [20, 100, 1000];

/** `{ folder, bundle, visit, slots }`: what the visitor of a set's bundle sees, as the edge asks; the pages lie in the folder. */
export async function makePages(set) {
  const folder = join(set, "pages");
  mkdirSync(folder, { recursive: true });
  for (const size of SIZES) writeFileSync(join(folder, `${size}.html`), page(size * 1000));
  const { Nameplate } = await import(pathToFileURL(join(DIST, "lib/node.js")).href);
  const bundle = readFileSync(join(set, "site.npb"));
  const nameplate = await Nameplate.load(bundle);
  for (const { visit } of JSON.parse(readFileSync(join(set, "visits.json"), "utf8")).known) {
    const { ip, url, now, visitor } = visit;
    const { slots } = nameplate.decide({ ip, url, referrer: null, now, visitor: { language: visitor.language } });
    const shown = PAGE_SLOTS.map((name) => slots.find(({ slot }) => slot === name));
    // The query is the origin's, to tell pages apart.
    if (url.includes("?") || shown.includes(undefined)) continue;
    writeFileSync(join(folder, "slots.json"), JSON.stringify(shown));
    writeFileSync(join(folder, "site.npb"), bundle);
    return { folder, bundle, visit, slots: shown };
  }
  throw new Error("no visitor of the set sees changes in all slots of the page");
}

export const readPage = (folder, size) => readFileSync(join(folder, `${size}.html`));
