// Parts of the tag for tests in Node: bundled, because Node reads no TypeScript.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What `contents`, a module that stands in www, exports. */
export async function load(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("..", import.meta.url)), loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
