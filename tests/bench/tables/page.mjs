// What the tag costs a page: its paints, its layout, and how soon its slots are there.

import { existsSync } from "node:fs";

import { CHROMIUM } from "../../e2e/browser.mjs";
import { DELAY_MS, loads } from "../lib/page.mjs";
import { number, table } from "../lib/report.mjs";

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

export async function page({ runs, say }) {
  if (!existsSync(CHROMIUM.executablePath)) return { text: `Not measured: there is no Chromium at ${CHROMIUM.executablePath}.` };
  say("page: a browser");
  const { found, sliceBytes } = await loads(runs);
  const without = Object.values(found)[0];
  const data = Object.fromEntries(
    Object.entries(found).map(([way, loaded]) => {
      const of = (key) => median(loaded.map((one) => one[key]));
      // Of each run by itself: a machine that others use too is slow for both.
      const later = median(loaded.map(({ lcp }, run) => lcp - without[run].lcp));
      return [way, { ...Object.fromEntries(Object.keys(loaded[0]).map((key) => [key, of(key)])), later }];
    }),
  );
  const rows = Object.entries(data).map(([way, { lcp, later, paint, shift, applied, fromSlice, fromAll }]) => [
    way, number(lcp), number(later), number(paint), shift.toFixed(4), ...[applied, fromSlice, fromAll].map((time) => number(time)),
  ]);
  return {
    data,
    text: `Milliseconds since the navigation began, in Chromium, with nothing in its cache; medians of ${runs} runs of all ways in turn, ${DELAY_MS} ms before
each answer, a slice of ${number(sliceBytes, 6)} bytes. The sample's home page as Siemens sees it. *Later*: the largest contentful paint against the page
without us in the same run. *From the slice*: from its last byte, or the page's where it stands there, until all slots of the page are changed;
*from all*: from when the slice, the core and the runtime are there.

${table(["", "LCP", "later", "first paint", "layout shift", "changed", "from the slice", "from all"], rows)}`,
  };
}
