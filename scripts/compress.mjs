// Packs what `nameplate serve` sends to browsers, once and as small as brotli makes it: NAME.br beside NAME in www/dist.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const dist = join(import.meta.dirname, "../www/dist");

for (const name of readdirSync(dist).filter((name) => /^(tag|core).*\.(js|wasm)$/.test(name))) {
  const bytes = readFileSync(join(dist, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params }));
}
