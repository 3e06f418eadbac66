// Signed account tokens: in the address of a page, `?np=`, and where the visitor agrees in a cookie. The core says which are good; here they are
// taken from requests, so that neither the origin nor a cache sees one in an address.

import type { Decision, Visit } from "../src/index.ts";
import { TOKEN } from "../src/token.ts";
import { notKept } from "./policy.ts";

const PARAMETER = "np";
const COOKIE = "np-token";

/** What a visitor's request says of his account, and the request without it. */
export interface Taken {
  request: Request;
  known: Pick<Visit, "token" | "cookie">;
}

export function takeTokens(request: Request): Taken {
  const { headers, method } = request;
  const cookie = tokenOf(new RegExp(`(?:^|;)\\s*${COOKIE}=([^;\\s]*)`).exec(headers.get("cookie") ?? "")?.[1]);
  const url = new URL(request.url);
  const token = tokenOf(url.searchParams.get(PARAMETER));
  // A request with a body cannot be made anew everywhere.
  if (token === null || (method !== "GET" && method !== "HEAD")) return { request, known: { token, cookie } };
  url.searchParams.delete(PARAMETER);
  return { request: new Request(url, request), known: { token, cookie } };
}

/** What the tag in a page asks with. */
export function askedWith({ headers }: Request): string | null {
  return tokenOf(headers.get(COOKIE));
}

/** The answer that keeps a token that is good, and shows the page under an address without it. */
export function keeping({ request, known }: Taken, decide: (visit: Visit) => Decision, now: number): Response | null {
  if (typeof known.token !== "string" || request.headers.get("sec-fetch-dest") !== "document") return null;
  if (decide({ token: known.token, now }).match.kind !== "token") return null;
  const seconds = Number(known.token.split(".")[1]) - now;
  const cookie = `${COOKIE}=${known.token}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`;
  return new Response(null, { status: 302, headers: notKept(new Headers({ location: request.url, "set-cookie": cookie })) });
}

function tokenOf(text: string | null | undefined): string | null {
  return typeof text === "string" && TOKEN.test(text) ? text : null;
}
