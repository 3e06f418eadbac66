// What the handler answers below `/np/`, as `nameplate serve` does (`src/serve/decision/routes.rs`): what one visitor may know, and nobody
// speaks for others without the operator's key. Else the target list could be read by asking for one address after the other.

import type { Nameplate, Visit } from "../src/index.ts";
import { goOn } from "./background.ts";
import { objects } from "./client.ts";
import { sha256 } from "./digest.ts";
import { Problem, readEvents } from "./events.ts";
import { Files } from "./files.ts";
import { given } from "./given.ts";
import type { NpOptions } from "./index.ts";
import { readQuestion } from "./question.ts";
import { whole } from "./stream.ts";

/** What the handler knows beside the options. */
export interface Surroundings<Rest extends unknown[]> {
  nameplate: (rest: Rest) => Promise<Nameplate | null>;
  /** The visit with what address databases know of it. */
  described: (visit: Visit, nameplate: Nameplate, rest: Rest) => Visit;
  /** What a request says of who asks: the client's address, and account tokens. Nothing of who objects to be known. */
  knownOf: (request: Request, rest: Rest) => Visit;
  /** The cookies that rules read. */
  cookiesOf: (nameplate: Nameplate, request: Request, rest: Rest) => Record<string, string> | null;
  fail: (error: unknown) => void;
}

/** A request, by whom, and what answers it. */
interface Asked<Rest extends unknown[]> {
  request: Request;
  rest: Rest;
  url: URL;
  nameplate: Nameplate | null;
  isForeign: boolean;
  now: number;
}

/** The longest body of a request, bytes: browsers send no longer beacons. */
const BODY_BYTE_MAX = 64 << 10;
/** Keeps an answer that is of one visitor out of every cache, and out of other sites' pages. */
const PRIVATE = { "cache-control": "private, no-store", "cdn-cache-control": "no-store", "surrogate-control": "no-store", "cross-origin-resource-policy": "same-origin" };

/** Below which the handler answers. */
const BASE = "/np/";

export class Answers<Rest extends unknown[]> {
  readonly #options: NpOptions<Rest>;
  readonly #around: Surroundings<Rest>;
  readonly #files: Files<Rest>;
  #hosts: { of: Nameplate; hosts: readonly string[] } | undefined;

  constructor(options: NpOptions<Rest>, around: Surroundings<Rest>) {
    this.#options = options;
    this.#around = around;
    this.#files = new Files(options.files);
  }

  isAsked({ url }: Request): boolean {
    return new URL(url).pathname.startsWith(BASE);
  }

  /** The slice for the visitor of a page, or `null` when it cannot be had: then the tag asks for it, and hears why. */
  slice(nameplate: Nameplate, visit: Visit, rest: Rest): Uint8Array | null {
    try {
      return this.#slice(nameplate, visit, rest);
    } catch (error) {
      this.#around.fail(error);
      return null;
    }
  }

  /** Never rejects. */
  async answer(request: Request, rest: Rest): Promise<Response> {
    const url = new URL(request.url);
    const nameplate = await this.#around.nameplate(rest);
    const origin = request.headers.get("origin");
    const isForeign = origin !== null && !this.#isOwn(origin, url, nameplate);
    const isPreflight = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
    const asked = { request, rest, url, nameplate, isForeign, now: Math.floor(Date.now() / 1_000) };
    const answer = isPreflight ? preflight(origin === null || isForeign) : await this.#route(asked).catch((error: unknown) => this.#failed(error));
    const { headers } = answer;
    headers.set("x-content-type-options", "nosniff");
    if (!headers.has("vary")) headers.set("vary", "origin");
    if (origin !== null && !isForeign) headers.set("access-control-allow-origin", origin);
    return request.method === "HEAD" ? new Response(null, answer) : answer;
  }

  #route(asked: Asked<Rest>): Promise<Response> {
    const name = asked.url.pathname.slice(BASE.length);
    const { method } = asked.request;
    const isReading = method === "GET" || method === "HEAD";
    if (name === "decide") return method === "POST" ? this.#decide(asked) : notAllowed("POST");
    if (name === "events") return method === "POST" ? this.#take(asked) : notAllowed("POST");
    if (name === "" || name.includes("/")) return this.#file(name, asked);
    if (!isReading) return notAllowed("GET,HEAD");
    if (name === "slice") return this.#give(asked);
    if (name === "health") return this.#tell(asked);
    return this.#file(name, asked);
  }

  async #give({ nameplate, request, rest, now }: Asked<Rest>): Promise<Response> {
    if (nameplate === null) return noBundle();
    const known = { ...this.#around.knownOf(request, rest), now };
    const told = nameplate.told(known);
    const toldIn = told === "" ? {} : { "np-told": told, "access-control-expose-headers": "np-told" };
    return new Response(this.#slice(nameplate, known, rest), { headers: { ...PRIVATE, ...toldIn, "content-type": "application/octet-stream" } });
  }

  async #decide({ nameplate, request, rest, now }: Asked<Rest>): Promise<Response> {
    const visit = readQuestion(await textOf(request));
    if (nameplate === null) return noBundle();
    const known = this.#around.knownOf(request, rest);
    const asked = { ...visit, now: visit.now ?? now };
    const shown = /^bearer (.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1]?.trim();
    if (shown === undefined) {
      // A token is good or counts for nothing; the others anybody could say.
      const speaksForOthers = [visit.ip, visit.account, visit.emailDomain, visit.attributes].some((fact) => fact !== undefined && fact !== null);
      if (speaksForOthers) return problem(403, "only who shows the server's key may name `ip`, `account`, `emailDomain` or `attributes`");
      const token = objects(request) ? null : (visit.token ?? known.token ?? null);
      // Whoever names some has read them where the server sees none.
      const visitor = { ...visit.visitor, cookies: visit.visitor?.cookies ?? this.#around.cookiesOf(nameplate, request, rest) };
      return json(nameplate.decideInSlice({ ...asked, visitor, cookie: null, ...known, token }));
    }
    if (!(await isSame(shown, given(this.#options.key, rest)))) return problem(401, "that is not the key of this server");
    const nobody = { ip: null, token: null, account: null, emailDomain: null, cookie: null, attributes: null };
    const whole = objects(request) ? { ...asked, ...nobody } : { ...asked, ip: visit.ip ?? known.ip ?? null };
    return json(nameplate.decide(this.#around.described(whole, nameplate, rest)));
  }

  async #take({ nameplate, request, rest, isForeign, now }: Asked<Rest>): Promise<Response> {
    if (isForeign) return problem(403, "only pages of the site's own hosts may send events");
    const body = await textOf(request);
    if (nameplate === null) return noBundle();
    const events = readEvents(body, now, objects(request), (text) => nameplate.withoutAddresses(text));
    const { events: take } = this.#options;
    if (take !== undefined && events.length > 0) goOn(rest, Promise.resolve().then(() => take(events, ...rest)).catch(this.#around.fail));
    return new Response(null, { status: 204, headers: PRIVATE });
  }

  async #tell({ nameplate }: Asked<Rest>): Promise<Response> {
    return nameplate === null ? noBundle() : json({ status: "ok", sha256: nameplate.sha256 });
  }

  async #file(name: string, { request, url, rest }: Asked<Rest>): Promise<Response> {
    const file = await this.#files.answer(name, request, url.searchParams, rest);
    return file ?? new Response("there is nothing here\n", { status: 404, headers: { "content-type": "text/plain; charset=utf-8" } });
  }

  #slice(nameplate: Nameplate, { ip = null, token = null, cookie = null, now = null }: Visit, rest: Rest): Uint8Array<ArrayBuffer> {
    const secretKey = given(this.#options.sign, rest);
    return nameplate.slice({ ip, token, cookie, now }, secretKey === undefined ? {} : { secretKey });
  }

  /** Whether a page of this origin is one of the site's, or of the very host that was asked. A port is no other site. */
  #isOwn(origin: string, { host }: URL, nameplate: Nameplate | null): boolean {
    const authority = /^https?:\/\/(.+)$/.exec(origin)?.[1]?.toLowerCase();
    return authority !== undefined && (authority === host || this.#hostsOf(nameplate).includes(authority.replace(/:\d*$/, "")));
  }

  #hostsOf(nameplate: Nameplate | null): readonly string[] {
    if (nameplate === null) return [];
    try {
      if (this.#hosts?.of !== nameplate) this.#hosts = { of: nameplate, hosts: nameplate.site().hosts.map((own) => own.toLowerCase()) };
      return this.#hosts.hosts;
    } catch (error) {
      this.#around.fail(error);
      return [];
    }
  }

  #failed(error: unknown): Response {
    if (error instanceof TooLong) return problem(413, error.message);
    if (error instanceof Problem) return problem(400, error.message);
    this.#around.fail(error);
    return problem(500, "this cannot be answered now");
  }
}

/** Whether the key that is shown is the operator's. Digests are compared: how long that takes says nothing of the key. */
async function isSame(shown: string, key: string | undefined): Promise<boolean> {
  const digest = (text: string) => sha256(new TextEncoder().encode(text));
  return key !== undefined && (await digest(shown)) === (await digest(key));
}

class TooLong extends Error {}

async function textOf({ body }: Request): Promise<string> {
  const bytes = body === null ? new Uint8Array() : await whole(body, BODY_BYTE_MAX);
  // Whoever still sends is not cut off: he would not read the answer.
  if (bytes === null) throw new TooLong(`expected at most ${BODY_BYTE_MAX} bytes`);
  return new TextDecoder().decode(bytes);
}

/** Whether a page's script may send what is not a plain form. Never with the operator's key: that is for programs on servers. */
function preflight(isForeign: boolean): Response {
  if (isForeign) return problem(403, "only pages of the site's own hosts may ask");
  return new Response(null, {
    status: 204,
    headers: { "access-control-allow-methods": "GET, HEAD, POST", "access-control-allow-headers": "content-type, np-token", "access-control-max-age": "600" },
  });
}

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...PRIVATE, "content-type": "application/json" } });
}

function problem(status: number, text: string): Response {
  return json({ error: text }, status);
}

function noBundle(): Response {
  return problem(503, "there is no bundle to answer with");
}

async function notAllowed(methods: string): Promise<Response> {
  return new Response(null, { status: 405, headers: { allow: methods } });
}
