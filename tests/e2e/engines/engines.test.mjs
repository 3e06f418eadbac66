// The tag's main paths in each engine that visitors come with: the same cases in all of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { visitIn } from "../tag/page.mjs";
import { CASES } from "./cases.mjs";
import { ENGINES } from "./engines.mjs";

const docs = readFileSync(new URL("../../../docs/tag.md", import.meta.url), "utf8");

for (const [name, start] of Object.entries(ENGINES)) {
  describe(`in ${name}`, () => {
    let engine;

    before(async () => {
      engine = await start();
    });

    after(() => engine?.close());

    test("the documentation names the engine", (context) => {
      context.diagnostic(`${name} ${engine.version}`);
      assert.ok(docs.includes(`${name} `));
    });

    const open = async () => ({ page: await engine.open() });
    for (const { name, look, ...options } of CASES) test(name, () => visitIn(open, options, look));
  });
}
