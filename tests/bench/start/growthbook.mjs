// The same for GrowthBook: its payload from a file, the eight slots of one visit.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { open, toContext } from "../rules/growthbook.mjs";
import { report } from "./report.mjs";

const folder = process.argv[2];
const context = toContext(JSON.parse(readFileSync(join(folder, "first-visit.json"), "utf8")).context);
const imported = performance.now();
const decide = open(readFileSync(join(folder, "growthbook.json"), "utf8"));
const opened = performance.now();
const answer = decide(context).filter((name) => name !== null).length;
report({ openMs: opened - imported, firstMs: performance.now() - opened, answer });
