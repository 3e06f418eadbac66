// The package as npm packs it, looked at by the tools that know what goes wrong between packages and their callers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nameplate-pack-"));

after(() => rmSync(folder, { recursive: true }));

execFileSync("npm", ["pack", "--offline", "--silent", "--pack-destination", folder], { cwd: www });
const packed = join(folder, readdirSync(folder)[0]);

function run(program, args) {
  try {
    return execFileSync(join(www, "node_modules/.bin", program), [...args, packed], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch ({ stdout, stderr }) {
    return assert.fail(`${program}: ${stdout}${stderr}`);
  }
}

test("publint has nothing to say of the package", () => {
  assert.match(run("publint", ["--strict"]), /All good/);
});

test("the types are those of the files, however they are resolved by who can import modules", () => {
  run("attw", ["--profile", "esm-only", "--format", "ascii"]);
});
