// The published types, through the exports map, as a caller's compiler sees them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

test("a caller's program type-checks against the package", () => {
  // What Next.js says of itself does not compile everywhere, and its projects do not look at it.
  for (const project of ["types", "types/next"]) execFileSync(at("../node_modules/.bin/tsc"), ["-p", at(project)], { stdio: "inherit" });
});

test("every file that the exports map names is there, and every way into a part has types", () => {
  const { exports } = JSON.parse(readFileSync(at("../package.json"), "utf8"));
  const check = (part, files) => {
    if (typeof files === "string") return assert.ok(existsSync(at(`../${files.replace("*", "tag.js")}`)), `${part}: there is no ${files}`);
    assert.ok(typeof files.default !== "string" || "types" in files, `${part} lacks types`);
    for (const [name, file] of Object.entries(files)) check(`${part} ${name}`, file);
  };
  for (const [part, files] of Object.entries(exports)) check(part, files);
  assert.deepEqual(Object.keys(exports["."]), ["workerd", "edge-light", "deno", "bun", "node", "browser", "default"]);
});

test("every option of the tag and every part of what it says is documented", () => {
  const text = readFileSync(at("../../docs/tag.md"), "utf8");
  const api = readFileSync(at("../tag/api.ts"), "utf8");
  const names = (type) => [...new RegExp(`interface ${type} {([^]*?)\n}`).exec(api)[1].matchAll(/^  (\w+)\??[:(]/gm)].map(([, name]) => name);
  assert.ok(names("TagOptions").length >= 5);
  for (const name of names("TagOptions")) assert.ok(text.includes(`\`data-np-${name}\`, \`${name}\``), `docs/tag.md lacks the option ${name}`);
  for (const name of names("Tag")) assert.match(text, new RegExp(`\`${name}\\(`), `docs/tag.md lacks ${name}()`);
  for (const name of [...names("Diagnosis"), ...names("Applied")]) assert.match(text, new RegExp(`\\b${name}:`), `docs/tag.md lacks ${name}`);
});

test("every option of the edge's handler is documented", () => {
  const text = readFileSync(at("../../docs/edge.md"), "utf8");
  const [, options] = /interface EdgeOptions<.*?> {([^]*?)\n}/.exec(readFileSync(at("../edge/index.ts"), "utf8"));
  const names = [...options.matchAll(/^  (\w+)\??:/gm)].map(([, name]) => name);
  assert.ok(names.length >= 6);
  for (const name of names) assert.ok(text.includes(`| \`${name}\` |`), `docs/edge.md lacks the option ${name}`);
});
