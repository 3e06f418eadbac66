// An engine that puts changes into a page: the page's bytes in, in one piece, its bytes out.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readPage } from "./pages.mjs";

export async function contender({ peer, set: folder }) {
  const engine = await import(`../rewriter/${peer}.mjs`);
  const slots = JSON.parse(readFileSync(join(folder, "slots.json"), "utf8"));
  const self = {
    isAsync: engine.isAsync,
    inputs: (size) => [new Uint8Array(readPage(folder, size))],
    async open() {
      self.call = await engine.open(slots, folder);
    },
    answer: async (page) => Buffer.concat(await self.call(page)).toString(),
  };
  return self;
}
