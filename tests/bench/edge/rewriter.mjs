// Engines in workerd, without a server around them: `?engine=native&page=20&count=100` rewrites the page a hundred times and gives the last.
import { Nameplate } from "nameplate";
import bundle from "site.npb";
import slots from "slots.json";
import visit from "visit.json";
import page20 from "20.html";
import page100 from "100.html";
import page1000 from "1000.html";

import { rewriterFor } from "../rewriter/handlers.mjs";

const PAGES = { 20: page20, 100: page100, 1000: page1000 };
let nameplate;

const ENGINES = {
  ours(page) {
    const rewriter = nameplate.rewriter({ slots });
    const done = rewriter.write(page);
    // The page is over: nothing is left.
    if (rewriter.end().length > 0) throw new Error("the page ends in an open tag");
    return done;
  },
  whole: (page) => nameplate.rewriter({ slots }).end(page),
  decided: (page) => nameplate.rewriter(nameplate.decide(visit)).end(page),
  native: (page) => rewriterFor(HTMLRewriter, slots).transform(new Response(page)).arrayBuffer(),
  pass: (page) => new Response(page).arrayBuffer(),
};

export default {
  async fetch({ url }) {
    nameplate ??= await Nameplate.load(bundle);
    const { engine, page: size, count } = Object.fromEntries(new URL(url).searchParams);
    const page = new Uint8Array(PAGES[size]);
    let last;
    for (let at = 0; at < Number(count); at++) last = await ENGINES[engine](page);
    return new Response(last);
  },
};
