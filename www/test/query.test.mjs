// A parameter of the query as rules read it is what the browser's own `URLSearchParams` has under its name, in a bundle that reads
// nothing else of the address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nameplate } from "nameplate";
import { seeded, siteBytes } from "./sample.mjs";

const FILES = {
  "nameplate.yaml": "site: Example\nhosts: [www.example.com]\naccounts: { file: accounts.csv, columns: { id: id, name: name } }\nslots: { title: { selector: h1 } }\n",
  "accounts.csv": "id,name\nalder,Alder Bank\n",
  "experiences/plan.yaml": `name: plan\nwhen: query("plan") == "é x" || query("a&b") == "1"\npriority: 1\nvariants: [{ name: one, slots: { title: { text: Hello } } }]\n`,
};

test("a parameter is what URLSearchParams says it is", async () => {
  const nameplate = await Nameplate.load(siteBytes(FILES));
  const random = seeded(7);
  const pick = (...all) => all[Math.floor(random() * all.length)];
  const pair = () => pick("plan", "Plan", "pl%61n", "a%26b", "a&b", "") + pick("=", "=", "=", "", "==") + pick("1", "é x", "%C3%A9+x", "%C3%A9%20x", "", "+", "%", "%e9");
  let shown = 0;
  for (let index = 0; index < 4_000; index += 1) {
    const query = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pair() + pick("&", "&", "&&", "#")).join("");
    const url = new URL(`https://www.example.com/?${query}`);
    const first = (name) => url.searchParams.getAll(name).find((value) => value !== "");
    const expected = first("plan") === "é x" || first("a&b") === "1";
    assert.equal(nameplate.decide({ url: url.href }).slots.length === 1, expected, url.href);
    shown += Number(expected);
  }
  assert.ok(shown > 200, `${shown} held`);
});
