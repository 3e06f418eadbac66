// Numbers and tables as Markdown.

import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** `12,345.6`, with as many digits as mean something. */
export function number(value, digits = 3) {
  if (value === undefined || value === null || Number.isNaN(value)) return "";
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.min(decimals, 3) });
}

export const microseconds = (ns) => number(ns / 1e3);
export const milliseconds = (ns) => number(ns / 1e6);

/** A table of rows of cells; the first row is the head, numbers stand to the right. */
export function table(head, rows, left = 1) {
  const line = (cells) => `| ${cells.map((cell) => String(cell ?? "")).join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at < left ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** Bytes as they are, by gzip -9 and by brotli 11. */
export function compressed(bytes) {
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, { params }).length };
}
