// Content codings: which of them a visitor takes, and pages that go out packed.

import type { Stream } from "./stream.ts";

/** `br` is Brotli. */
export type Coding = "br" | "gzip";

/** Packs pages and unpacks them: `packing` of `nameplate/node`, or one's own. Each gives bytes as they come, without waiting for the rest. */
export interface Packing {
  packed(body: ReadableStream<Uint8Array<ArrayBuffer>>, coding: Coding): ReadableStream<Uint8Array<ArrayBuffer>>;
  unpacked(body: ReadableStream<Uint8Array<ArrayBuffer>>, coding: Coding): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** The best first. */
const CODINGS: readonly Coding[] = ["br", "gzip"];
/** Of those, what every runtime can unpack. */
const COMMON: readonly Coding[] = ["gzip"];
const ACCEPTED = { br: accepted("br"), gzip: accepted("gzip") };

/** Matches a list that has the coding, and not with a quality of 0. */
function accepted(coding: Coding): RegExp {
  return new RegExp(`(?:^|,)[ \\t]*${coding}[ \\t]*(?:,|$|;(?![ \\t]*q=0(?:\\.0*)?[ \\t]*(?:,|$)))`, "i");
}

/** How the origin may pack a page for whoever asks so: what he takes, for the answer may turn out to be no page, and can be unpacked here. */
export function codingsFor(headers: Headers, packing: Packing | undefined): Coding[] {
  const list = headers.get("accept-encoding") ?? "";
  return (packing === undefined ? COMMON : CODINGS).filter((coding) => ACCEPTED[coding].test(list));
}

/** Whether a page that came so can be read. */
export function isReadable(encoding: string, packing: Packing | undefined): boolean {
  return ["identity", "gzip", "x-gzip"].includes(encoding) || (packing !== undefined && encoding === "br");
}

/** The page, packed as its visitor takes it best. */
export function packedFor(request: Request, page: Response, packing: Packing): Response {
  const [coding] = codingsFor(request.headers, packing);
  const { status, statusText, headers, body } = page;
  if (coding === undefined || body === null || headers.has("content-encoding")) return page;
  // Workers would pack it once more.
  const manual = { status, statusText, headers, encodeBody: "manual" };
  const answer = new Response(packing.packed(body as Stream, coding), manual);
  answer.headers.set("content-encoding", coding);
  if (!/(?:^|[ \t,])accept-encoding(?:$|[ \t,])/i.test(headers.get("vary") ?? "")) answer.headers.append("vary", "accept-encoding");
  answer.headers.delete("content-length");
  return answer;
}
