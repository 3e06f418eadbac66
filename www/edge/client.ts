// Whose address counts at the edge, and whose does not.

import { policyFinder, translator } from "./address.ts";
import type { EdgeOptions } from "./index.ts";

/** Throws for what is no source, when a site is set up and not when its first visitor comes. */
export function addressFinder<Rest extends unknown[]>({ clientAddress, socket, nat64 }: Pick<EdgeOptions<Rest>, "clientAddress" | "socket" | "nat64">): (request: Request, ...rest: Rest) => string | null {
  if (typeof clientAddress === "function") {
    const translate = translator(nat64);
    return (...from) => translate(clientAddress(...from) ?? null);
  }
  const find = policyFinder({ source: clientAddress, ...(nat64 === undefined ? {} : { nat64 }) });
  const asksSocket = clientAddress === "socket" || clientAddress.includes("/");
  if (asksSocket && socket === undefined) throw new Error(`expected \`socket\` beside \`clientAddress: "${clientAddress}"\`: a function that asks the runtime who calls`);
  return (request, ...rest) => find(request.headers, asksSocket ? (socket?.(request, ...rest) ?? null) : null);
}

/** Global Privacy Control: who says so is a stranger in all, and his address is not even looked for. */
export function objects({ headers }: Request): boolean {
  return headers.get("sec-gpc")?.trim() === "1";
}
