// Which pages are rewritten, and what is then said of them. All else goes through as it came.

import { codingsFor, isReadable, type Packing } from "./packing.ts";

/** A part of a page cannot be rewritten, and what a browser has of it is another visitor's. */
const CONDITIONS = ["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"];
/** What speaks of the origin's bytes, or lets somebody keep them. */
const DROPPED = new Set([
  "accept-ranges", "age", "content-digest", "content-encoding", "content-length", "content-md5", "digest", "etag", "expires", "last-modified",
  "repr-digest", "x-accel-expires",
]);
export const NOT_KEPT = ["cache-control", "cdn-cache-control", "surrogate-control"];
const PAGE = /^text\/html[ \t]*(?:;[ \t]*charset=("?)([\w:.-]+)\1[ \t]*)?;?$/i;
/** In these, markup is in ASCII. */
const CHARSETS =
  /^(?:utf-?8|unicode-1-1-utf-8|(?:us-)?ascii|iso-?8859-?\d+|latin\d|(?:windows-|x-cp|cp)125\d|windows-874|tis-620|koi8?-?[ru]?|macintosh|x-mac-\w+|ibm866|gbk|gb2312|gb18030|big5(?:-hkscs)?|shift[_-]jis|sjis|windows-31j|euc-jp|euc-kr|ks_c_5601-1987)$/i;

/** The request to ask the origin with when its answer may be rewritten; `null` for one that does not ask for a page. */
export function pageRequest(request: Request, packing?: Packing): Request | null {
  const to = request.headers.get("sec-fetch-dest");
  const isForPage = to === null ? /\btext\/html\b/i.test(request.headers.get("accept") ?? "") : ["document", "iframe", "frame"].includes(to);
  if (request.method !== "GET" || !isForPage) return null;
  const forPage = new Request(request);
  const { headers } = forPage;
  for (const name of CONDITIONS) headers.delete(name);
  headers.set("accept-encoding", codingsFor(headers, packing).join(", ") || "identity");
  return forPage;
}

/** Whether an answer to such a request is a page that may be changed. */
export function isRewritable({ status, headers, body, bodyUsed }: Response, packing?: Packing): boolean {
  const [, , charset = "utf-8"] = PAGE.exec(headers.get("content-type") ?? "") ?? [null, null, "none"];
  const mayBeChanged = !/(?:^|,)[ \t]*no-transform[ \t]*(?:,|$)/i.test(headers.get("cache-control") ?? "");
  const encoding = (headers.get("content-encoding") ?? "identity").toLowerCase();
  return status === 200 && body !== null && !bodyUsed && CHARSETS.test(charset) && mayBeChanged && isReadable(encoding, packing) && !headers.has("content-range");
}

/** The answer with another body. */
export function rewrittenResponse(from: Response, body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>): Response {
  const response = new Response(body, from);
  const { headers } = response;
  const dropped: string[] = [];
  // A vendor's own header, `cloudflare-cdn-cache-control`, would count before the common ones. An iterator costs workerd twice as much.
  headers.forEach((_, name) => (DROPPED.has(name) || name.endsWith("-cdn-cache-control")) && dropped.push(name));
  for (const name of dropped) headers.delete(name);
  notKept(headers);
  return response;
}

/** For one visitor, and for nobody's cache. */
export function notKept(headers: Headers): Headers {
  for (const name of NOT_KEPT) headers.set(name, "private, no-store");
  return headers;
}

/** For how many seconds a cache that everybody shares may keep the origin's answer; 0 where the origin does not say so in as many words. */
export function sharedSeconds(headers: Headers): number {
  const control = headers.get("cache-control") ?? "";
  const seconds = (name: string) => new RegExp(`(?:^|,)[ \\t]*${name}[ \\t]*=[ \\t]*"?(\\d{1,9})"?[ \\t]*(?:,|$)`, "i").exec(control)?.[1];
  const shared = seconds("s-maxage");
  const isPublic = shared !== undefined || /(?:^|,)[ \t]*public[ \t]*(?:,|$)/i.test(control);
  // Vendors' own headers count before the common one: where any of them forbids it, it is forbidden.
  const said = [...headers].filter(([name]) => NOT_KEPT.includes(name) || name.endsWith("-cdn-cache-control"));
  const isForbidden = said.some(([, value]) => /\b(?:no-store|no-cache|private|must-understand)\b/i.test(value));
  if (!isPublic || isForbidden || headers.has("set-cookie")) return 0;
  return Math.max(0, Number(shared ?? seconds("max-age") ?? 0) - Number(/^\d+$/.exec(headers.get("age") ?? "0") ?? Infinity));
}

/** The headers of a request by which the origin chooses its answer; `null` where nobody knows. Packing is for us to undo. */
export function variesBy(vary: string | null): string[] | null {
  const names = (vary ?? "").toLowerCase().split(",").map((name) => name.trim()).filter((name) => name !== "" && name !== "accept-encoding");
  return names.includes("*") ? null : names.sort();
}
