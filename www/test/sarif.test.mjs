// What `nameplate check --format sarif` prints keeps to SARIF 2.1.0: its names, its types, and no others.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const printed = readFileSync(at("../../tests/check.sarif"), "utf8");

/** What the compiler says of a log that stands in a program as a literal: there, a name that the type lacks is an error. */
function complaints(log) {
  const folder = mkdtempSync(join(tmpdir(), "sarif-"));
  try {
    const file = join(folder, "log.ts");
    writeFileSync(file, `import type { Log } from ${JSON.stringify(at("../node_modules/@types/sarif/index.d.ts"))};\nexport const log: Log = ${log};\n`);
    const { status, stdout } = spawnSync(at("../node_modules/.bin/tsc"), ["--noEmit", "--strict", "--types", "", file], { cwd: folder, encoding: "utf8" });
    assert.equal(status === 0, stdout === "");
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the log that check prints is one by the standard's types", () => {
  assert.equal(complaints(printed), "");
});

test("a level, a name or a version that the standard lacks would be seen", () => {
  for (const [words, instead] of [
    [`"level": "warning"`, `"level": "bad"`],
    [`"ruleIndex"`, `"ruleNumber"`],
    [`"version": "2.1.0"`, `"version": "2.2.0"`],
    [`"unicodeCodePoints"`, `"bytes"`],
    [`"startLine": 6`, `"startLine": "6"`],
  ]) {
    assert.ok(printed.includes(words), words);
    assert.notEqual(complaints(printed.replace(words, instead)), "", instead);
  }
});
