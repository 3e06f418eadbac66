// Where things lie.

import { join } from "node:path";

export const BENCH = join(import.meta.dirname, "..");
export const ROOT = join(BENCH, "../..");
export const PROGRAM = join(ROOT, "target/release/nameplate");
export const DIST = join(ROOT, "www/dist");
export const SETS = join(ROOT, "target/bench");
export const NATIVE = join(ROOT, "target/bench-native/release/nameplate-bench");
