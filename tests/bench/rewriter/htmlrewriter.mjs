// lol_html in wasm behind the interface of Workers.

import { HTMLRewriter } from "htmlrewriter";

import { rewriterFor } from "./handlers.mjs";

export const isAsync = true;

export const open = (slots) => async (page) => [new Uint8Array(await rewriterFor(HTMLRewriter, slots).transform(new Response(page)).arrayBuffer())];
