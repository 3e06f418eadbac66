// Import, open, decide, in a fresh process: FOLDER of a set.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { load } from "../rules/ours.mjs";
import { report } from "./report.mjs";

const folder = process.argv[2];
const visit = JSON.parse(readFileSync(join(folder, "first-visit.json"), "utf8")).visit;
const imported = performance.now();
const nameplate = await load(folder);
const opened = performance.now();
const answer = nameplate.decide(visit).slots.length;
report({ openMs: opened - imported, firstMs: performance.now() - opened, answer });
