// Cloudflare's lol_html in wasm, as Miniflare had it.

import { HTMLRewriter } from "html-rewriter-wasm";

import { addHandlers } from "./handlers.mjs";

export const isAsync = true;

export const open = (slots) => async (page) => {
  const parts = [];
  const rewriter = new HTMLRewriter((part) => parts.push(part));
  try {
    addHandlers(rewriter, slots);
    await rewriter.write(page);
    await rewriter.end();
  } finally {
    rewriter.free();
  }
  return parts;
};
