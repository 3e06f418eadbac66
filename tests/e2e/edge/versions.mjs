// Two bundles that say in every slot which of them they are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSite } from "../web.mjs";

export const SLOTS = Array.from({ length: 12 }, (_, index) => `s${index}`);

function versionBytes(version) {
  const slots = SLOTS.map((name) => `${name}: { selector: "#${name}" }`).join(", ");
  const texts = SLOTS.map((name) => `${name}: { text: version-${version} }`).join(", ");
  const { folder, run, clean } = writeSite({
    "nameplate.yaml": `site: Versions\nhosts: [www.tidewater.example]\naccounts: { file: accounts.csv, columns: { id: id, name: name } }\nslots: { ${slots} }\n`,
    "accounts.csv": "id,name\nalder,Alder Bank\n",
    "experiences/all.yaml": `name: all\nwhen: "true"\npriority: 500\nvariants: [{ name: only, slots: { ${texts} } }]\n`,
  });
  run("build", "site", "-o", "site.npb");
  const bytes = readFileSync(join(folder, "site.npb"));
  clean();
  return bytes;
}

export const versions = ["a", "b"].map(versionBytes);

/** Of which a page is, all of it: `a`, `b` or `untouched`. */
export function versionOf(body) {
  const said = body.toString().match(/version-\w/g) ?? [];
  const [first = "untouched"] = said;
  assert.ok(said.length === 0 || (said.length === SLOTS.length && said.every((one) => one === first)), body.toString());
  return first.replace("version-", "");
}
