// Which address is the client's, as `src/net/client.rs` has it: from one source, with none to fall back on. The core has the last word
// on what is an address; here only ports and brackets are taken off.

import type { EdgeOptions } from "./index.ts";

type ClientAddress<Rest extends unknown[]> = EdgeOptions<Rest>["clientAddress"];

/** An address alone; IPv4, or IPv6 in brackets, with or without a port; IPv6 without brackets. */
const NODE = /^(?:\[([0-9a-f.]*:[0-9a-f:.]*)\](?::\d{1,5})?|([0-9.]+)(?::\d{1,5})?|([0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*))$/i;

/** Throws for what is no source, when a site is set up and not when its first visitor comes. */
export function addressFinder<Rest extends unknown[]>(source: ClientAddress<Rest>): (request: Request, ...rest: Rest) => string | null {
  if (typeof source === "function") return (...from) => source(...from) ?? null;
  const find = headerFinder(source);
  return ({ headers }, ..._) => find(headers);
}

/** Global Privacy Control: who says so is a stranger in all, and his address is not even looked for. */
export function objects({ headers }: Request): boolean {
  return headers.get("sec-gpc")?.trim() === "1";
}

function headerFinder(source: string): (headers: Headers) => string | null {
  if (source === "cf-connecting-ip") return (headers) => /^[0-9a-f:.]+$/i.exec(headers.get(source) ?? "")?.[0] ?? null;
  const hops = Number(/^x-forwarded-for=(\d+)$/.exec(source)?.[1] ?? 0);
  if (hops === 0) throw new Error("expected `cf-connecting-ip`, `x-forwarded-for=N` with the number of your proxies, or a function, as `clientAddress`");
  return (headers) => {
    const entry = (headers.get("x-forwarded-for") ?? "").split(",").at(-hops) ?? "";
    const [, bracketed, v4, v6] = NODE.exec(entry.replace(/^[ \t]+|[ \t]+$/g, "")) ?? [];
    return bracketed ?? v4 ?? v6 ?? null;
  };
}
