// `nameplate/edge`: pages that arrive personalised. One `fetch` handler around the origin's, for every runtime that has `Request`,
// `Response` and streams. Whatever fails here, the visitor gets the origin's answer, untouched.

import type { Decision, LoadOptions, Nameplate, Visit } from "../src/index.ts";
import { readerOf, rewritten, unpacked } from "./body.ts";
import type { AddressSource } from "./address.ts";
import { Decider } from "./decider.ts";
import { checkOptions } from "./options.ts";
import { packedFor, type Packing } from "./packing.ts";
import { isRewritable, pageRequest, rewrittenResponse } from "./policy.ts";
import { SharedPages } from "./shared.ts";
import type { Taken } from "./tokens.ts";

export { parseClientAddress, type AddressPolicy, type AddressSource } from "./address.ts";
export type { Coding, Packing } from "./packing.ts";

/** What knows more of a visit by its address: a `Database` of `nameplate/geo`, or one's own. */
export interface Described {
  described(visit: Visit): Visit;
  /** Gives its memory back when another takes its place. */
  free?(): void;
}

/** A database that is asked for again: what opens it gets the bytes, or an answer with them. */
export interface DatabaseSource<Rest extends unknown[] = unknown[]> {
  /** As `bundle`: an address, or what gives bytes, an answer with them, or an address. */
  from: string | URL | ((...rest: Rest) => Given | Promise<Given>);
  /** `Database.load`, or one's own. */
  open: (given: Uint8Array | ArrayBuffer | Response) => Described | Promise<Described>;
  /** How often another is asked for; 3600. */
  refreshSeconds?: number;
}

/** What a source of bundles may give: bytes, an answer with them, or where they are. */
export type Given = Uint8Array | ArrayBuffer | Response | Request | URL | string;

/** Part of the Cache API: what `caches.open` gives, `caches.default` in Workers, or one's own. */
export interface SharedCache {
  match(request: Request): Promise<Response | undefined>;
  put(request: Request, response: Response): Promise<unknown>;
}

export interface EdgeOptions<Rest extends unknown[] = unknown[]> {
  /**
   * What to decide with: an open bundle, the address of one, or what gives its bytes, an answer with them, or an address. It is asked
   * with all that the handler gets behind the request.
   */
  bundle: Nameplate | string | URL | ((...rest: Rest) => Given | Promise<Given>);
  /** Who makes the pages. */
  origin: (request: Request, ...rest: Rest) => Response | Promise<Response>;
  /** Where the client's address is: the one source that whoever runs this knows to be true. A function asks the runtime. */
  clientAddress: AddressSource | ((request: Request, ...rest: Rest) => string | null | undefined);
  /** Who calls, where `clientAddress` is `socket`, or names one's proxies by their prefixes. */
  socket?: (request: Request, ...rest: Rest) => string | null | undefined;
  /** The prefixes under which translators before the server write IPv4 addresses as IPv6. */
  nat64?: readonly string[];
  /** How bundles are opened: the key that must have signed them, the wasm module where the package's own is not found. */
  load?: LoadOptions;
  /**
   * What is known of visitors who are no account's: an open database, one that is asked for again, a list of such, or a function that loads them
   * once. What cannot be had is asked for every `refreshSeconds` until it can. No page waits for it.
   */
  database?: Described | DatabaseSource<Rest> | readonly (Described | DatabaseSource<Rest>)[] | ((...rest: Rest) => Described | readonly Described[] | Promise<Described | readonly Described[]>);
  /** How often another bundle is asked for; 60. */
  refreshSeconds?: number;
  /** Where to keep pages that show no account's own values: one copy for all who see the same. */
  cache?: SharedCache | ((...rest: Rest) => SharedCache | Promise<SharedCache>);
  /**
   * Unpacks pages that come by Brotli too, and packs those that were changed as their visitor takes it: `packing` of `nameplate/node`. Without it
   * they may come by gzip, and go out unpacked.
   */
  packing?: Packing;
  /** Whether a changed page says in `Server-Timing` how many milliseconds it was held up; `false`. */
  serverTiming?: boolean;
  /** The key of account tokens. With it `?np=` in the address of a page says whom its visitor works for: see docs/tokens.md. */
  tokenKey?: string | ((...rest: Rest) => string | undefined);
  /** Whether the visitor agrees that a cookie keeps such a token, and is known by it on his next pages. Without it no cookie is set, and none read. */
  keepToken?: (request: Request, ...rest: Rest) => boolean;
  /** Whether the visitor agrees to storage: else of the cookies that rules read only the strictly necessary are. */
  readCookies?: (request: Request, ...rest: Rest) => boolean;
  /** Answers below `/np/`, as the tag needs it, and puts the visitor's slice into his pages. Without it `/np/` is the origin's. */
  np?: NpOptions<Rest>;
  /** Is told what failed; `console.warn` unless given. No address is in it. */
  report?: (problem: string) => void;
}

/** Those of a handler that asks no origin. */
export type DeciderOptions<Rest extends unknown[] = unknown[]> = Omit<EdgeOptions<Rest>, "origin" | "cache" | "packing" | "serverTiming">;

/** What the handler needs to answer below `/np/`; each is called with all that it gets behind the request, too. */
export interface NpOptions<Rest extends unknown[] = unknown[]> {
  /** The tag's files by their names: those of `nameplate/np/`. `null`, or an answer that is not ok, where there is none. */
  files?: (name: string, ...rest: Rest) => Uint8Array | ArrayBuffer | Response | null | Promise<Uint8Array | ArrayBuffer | Response | null>;
  /** Takes the events of a request. No page waits for it, and what it rejects with is reported. Without it events are dropped. */
  events?: (events: PageEvent[], ...rest: Rest) => unknown;
  /** The secret key that signs slices, as `nameplate keygen` writes it. */
  sign?: string | ((...rest: Rest) => string | undefined);
  /** Who shows it may ask `/np/decide` for any address and account. */
  key?: string | ((...rest: Rest) => string | undefined);
}

/** What a page tells, without any address. `received` is the server's time, Unix seconds: a page's clock may be wrong. */
export type PageEvent = { id: string; type: string; received: number; [key: string]: string | number | boolean | null };

/** What to do with the origin's answer. */
interface Plan {
  nameplate: Nameplate;
  decision: Decision;
  request: Request;
  /** For the tag, where the handler answers it. */
  slice: () => Uint8Array | null;
  told: () => string;
}

/** A handler that asks `origin`, and puts into its pages what their visitor is to see. Throws an `Error` for options that cannot be meant. */
export function personalise<Rest extends unknown[]>(options: EdgeOptions<Rest>): (request: Request, ...rest: Rest) => Promise<Response> {
  checkOptions(options);
  const { origin, packing } = options;
  const decider = new Decider(options);
  const { answers, fail } = decider;
  const pages = options.cache === undefined ? null : new SharedPages(options.cache, fail);
  const isTimed = options.serverTiming === true;
  const clock = () => (isTimed ? performance.now() : 0);

  /** `null`: the page stays as it is. */
  async function plan(taken: Taken, rest: Rest): Promise<Plan | Response | null> {
    const forPage = pageRequest(taken.request, packing);
    if (forPage === null) return null;
    const first = decider.first(rest);
    if (first !== null) await first;
    const decided = decider.decide(taken, rest);
    if (decided === null || decided instanceof Response) return decided;
    const { nameplate, visit, decision } = decided;
    if (decision.slots.every(({ changes }) => changes.every(({ kind }) => kind === "redirect"))) return null;
    const copy = pages === null || decision.cohort === null ? null : await pages.get(forPage, decision.cohort, rest);
    // A copy is for others, too.
    const slice = () => (answers === null || (pages !== null && decision.cohort !== null) ? null : answers.slice(nameplate, visit, rest));
    return copy ?? { nameplate, decision, request: forPage, slice, told: () => nameplate.told(visit) };
  }

  return async (request, ...rest) => {
    if (answers?.isAsked(request)) return answers.answer(request, rest);
    const began = clock();
    const taken = decider.taken(request);
    const planned = await plan(taken, rest).catch((error: unknown) => (fail(error), null));
    const held = clock() - began;
    const finished = (answer: Response) => {
      if (isTimed) answer.headers.append("server-timing", `np;dur=${held.toFixed(1)}`);
      try {
        return packing === undefined ? answer : packedFor(request, answer, packing);
      } catch (error) {
        fail(error);
        return answer;
      }
    };
    if (planned instanceof Response) return finished(planned);
    const response = await origin(planned?.request ?? taken.request, ...rest);
    if (planned === null || !isRewritable(response, packing)) return response;
    try {
      return finished(await rewrite(response, planned, pages, packing, rest));
    } catch (error) {
      fail(error);
      return response;
    }
  };
}

async function rewrite<Rest extends unknown[]>(response: Response, plan: Plan, pages: SharedPages<Rest> | null, packing: Packing | undefined, rest: Rest): Promise<Response> {
  const { nameplate, decision, request, slice: sliceOf, told } = plan;
  const { headers, body } = response;
  const { faults } = nameplate;
  const slice = sliceOf();
  const rewriter = nameplate.rewriter(decision, slice, slice === null ? "" : told());
  const reader = readerOf(body as ReadableStream<Uint8Array<ArrayBuffer>>);
  const encoding = headers.get("content-encoding")?.toLowerCase();
  const length = /^\d+$/.exec(headers.get("content-length") ?? "")?.[0];
  const bytes = encoding !== undefined || length === undefined ? Number.POSITIVE_INFINITY : Number(length);
  // What has no address was made by a program, which may say of its length what it likes.
  const plain = encoding === undefined ? reader : await unpacked(reader, encoding, packing);
  const page = await rewritten(plain, rewriter, { bytes, isSure: response.url !== "" }, (changed) => rewrittenResponse(response, changed));
  if (pages === null || decision.cohort === null) return page;
  return pages.put(page, headers, request, decision.cohort, () => nameplate.faults === faults, rest);
}
