// The page's side: makes the visit, decides in wasm, applies once the document is parsed, so that every slot exists. Whatever
// fails, the page stays as its author wrote it, and one line goes to the console's debug level.
//
// It stands at /np/tag.js in the preview, where a site has the real tag: it takes the visitor's facts from np-* parameters, and the whole bundle from /np/site.npb.

import { Nameplate } from "../src/nameplate.ts";
import { applyDecision } from "./apply.ts";
import { post, type PageMessage } from "./message.ts";
import { followLinks, takeParameters } from "./parameters.ts";

const CORE_URL = "/np/edge.wasm";
const BUNDLE_URL = "/np/site.npb";

async function run(): Promise<void> {
  const parameters = takeParameters(window);
  const message: PageMessage = { nameplate: null, visit: {}, applied: [], off: parameters.off, problem: null };
  try {
    const [core, bundle] = await Promise.all([fetchBytes(CORE_URL), fetchBytes(BUNDLE_URL)]);
    const nameplate = await Nameplate.load(bundle, { module: await WebAssembly.compile(core) });
    await parsed();
    const { hosts } = nameplate.site();
    followLinks(window, hosts);
    message.visit = parameters.visit(hosts[0] ?? location.host);
    message.nameplate = nameplate.explain(message.visit);
    if (!parameters.off) message.applied = applyDecision(document, message.nameplate.decision);
    nameplate.free();
  } catch (error) {
    message.problem = error instanceof Error ? error.message : String(error);
  }
  const problems = message.applied.flatMap(({ about, problem }) => (problem === null ? [] : [`${about}: ${problem}`]));
  if (message.problem !== null) problems.unshift(message.problem);
  if (problems.length > 0) console.debug(`nameplate: the page stays as it is: ${problems.join("; ")}`);
  post(window, message);
}

/** Ends when all of the document is there. */
async function parsed(): Promise<void> {
  if (document.readyState === "loading") await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  return response.arrayBuffer();
}

void run();
