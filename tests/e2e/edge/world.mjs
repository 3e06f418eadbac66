// What the edge's tests stand on: the sample site's bundle, a page of it, visitors by their addresses, and an origin that answers what a
// case says.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Nameplate } from "../../../www/dist/lib/node.js";
import { personalise } from "../../../www/dist/lib/edge.js";
import { sampleBytes } from "../../../www/test/sample.mjs";

export const PAGE = readFileSync(new URL("../../../data/site/pages/index.html", import.meta.url));
export const URL_OF_PAGE = "https://www.tidewater.example/";
export const SIEMENS = "139.23.204.1";
export const NOVARTIS = "86.117.18.1";
export const STRANGER = "91.0.0.1";

export const nameplate = await Nameplate.load(sampleBytes());

/** The tag's files as the package has them. */
export const file = (name) => readFileSync(new URL(`../../../www/dist/np/${name}`, import.meta.url));

/** What a browser asks with that goes to a page. A header that is `null` is left out. */
export function pageHeaders(ip = SIEMENS, headers = {}) {
  const navigation = { accept: "text/html,*/*;q=0.8", "accept-encoding": "gzip, br", "sec-fetch-dest": "document", "sec-fetch-site": "none" };
  return Object.fromEntries(Object.entries({ ...navigation, "cf-connecting-ip": ip, ...headers }).filter(([, value]) => value !== null));
}

export function pageRequest(ip, { headers, url = URL_OF_PAGE, ...init } = {}) {
  return new Request(url, { headers: pageHeaders(ip, headers), ...init });
}

export function pageResponse({ body = PAGE, headers = {}, ...init } = {}) {
  const all = Object.entries({ "content-type": "text/html; charset=utf-8", ...headers });
  return new Response(body, { headers: all.flatMap(([name, values]) => [values].flat().map((value) => [name, value])), ...init });
}

/** A handler before `origin`; `problems` is what it reported. */
export function edge(options = {}) {
  const problems = [];
  const handle = personalise({ bundle: nameplate, origin: () => pageResponse(), clientAddress: "cf-connecting-ip", report: (problem) => problems.push(problem), ...options });
  return { handle, problems };
}

/** A body of these chunks, each when it is asked for, and then perhaps an error. `asked` counts them, `cancelled` is why nobody wants the rest. */
export function bodyOf(chunks, error = null) {
  const seen = { asked: 0, cancelled: null };
  const stream = new ReadableStream(
    {
      pull(controller) {
        if (seen.asked < chunks.length) controller.enqueue(chunks[seen.asked]);
        else if (error === null) controller.close();
        else controller.error(error);
        seen.asked += 1;
      },
      cancel(reason) {
        seen.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

export function chunksOf(bytes, size) {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => new Uint8Array(bytes.subarray(index * size, (index + 1) * size)));
}

/** All that came of a body, and the error it ended with. */
export async function drain(response) {
  const chunks = [];
  try {
    for await (const chunk of response.body) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), error: null };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
}

export const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
