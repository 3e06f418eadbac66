// What a prefix's age does to its confidence, and that shared egress is nobody's: here as natively.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Nameplate } from "nameplate";
import { program } from "./sample.mjs";

const SITE = {
  "nameplate.yaml": `
site: Example
hosts: [www.example.com]
confidence: { content: moderate, ads: high }
accounts: { file: accounts.csv, columns: { id: id, name: name } }
networks: networks.csv
shared: shared.csv
slots: { title: { selector: h1 } }
`,
  "accounts.csv": "id,name\nalder,Alder Bank\nbirch,Birch Chemicals\n",
  "networks.csv": "prefix,account,confidence,source,seen\n134.244.0.0/16,alder,90,AS1,2026-01-31\n134.244.29.0/24,birch,60,AS2,2026-01-31\n",
  "shared.csv": "prefix,kind,source\n134.244.128.0/20,hosting,AS9\n",
};
const SEEN = Date.UTC(2026, 0, 31) / 1_000;

const folder = mkdtempSync(join(tmpdir(), "nameplate-networks-"));
after(() => rmSync(folder, { recursive: true }));

test("what is old, and what many share, is told day by day as natively", async () => {
  for (const [name, text] of Object.entries(SITE)) writeFileSync(join(folder, name), text);
  const bundle = join(folder, "site.npb");
  execFileSync(program, ["build", folder, "-o", bundle]);
  const nameplate = await Nameplate.load(readFileSync(bundle));
  const times = [0, 45, 46, 180, 181, 0, 1e9].map((days) => SEEN + days * 86_400);
  const visits = ["134.244.1.7", "134.244.29.7", "134.244.128.7"].flatMap((ip) => [{ ip }, ...times.map((now) => ({ ip, now }))]);
  const natively = execFileSync(program, ["decide", bundle, "--batch", "--now", `${SEEN}`], { input: visits.map((visit) => `${JSON.stringify(visit)}\n`).join("") });
  const expected = natively.toString().trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(visits.map((visit) => nameplate.decide({ now: SEEN, ...visit })), expected);
  const seen = new Set(expected.map(({ match }) => `${match.outcome} ${match.grade} ${match.ageDays} ${match.isStale}`));
  for (const one of ["match very high 0 false", "match high 181 true", "match low 65535 true", "shared null null false"]) assert.ok(seen.has(one), [...seen].join());
});
