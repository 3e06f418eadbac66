// Nameplate's rewriter: the servers' core, in wasm.

import { load } from "../rules/ours.mjs";

export const isAsync = false;

export async function open(slots, folder) {
  const nameplate = await load(folder);
  return (page) => {
    const rewriter = nameplate.rewriter({ slots });
    return [rewriter.write(page), rewriter.end()];
  };
}
