// Who asks, and what he is to see: what every kind of handler does before it answers, whoever makes the page.

import type { Decision, Nameplate, Visit } from "../src/index.ts";
import { Answers } from "./answers.ts";
import { Breaker } from "./breaker.ts";
import { addressFinder, objects } from "./client.ts";
import { Databases } from "./databases.ts";
import { given } from "./given.ts";
import type { DeciderOptions } from "./index.ts";
import { redirectOf } from "./redirect.ts";
import { Source } from "./source.ts";
import { askedWith, keeping, takeTokens, type Taken } from "./tokens.ts";

/** What is decided for a visit, and by what. */
export interface Decided {
  nameplate: Nameplate;
  visit: Visit;
  decision: Decision;
}

export class Decider<Rest extends unknown[]> {
  /** Of the tag's server, where the handler is that too. */
  readonly answers: Answers<Rest> | null;
  /** Reports an error. Never throws. */
  readonly fail: (error: unknown) => void;
  readonly #options: DeciderOptions<Rest>;
  readonly #find: (request: Request, ...rest: Rest) => string | null;
  readonly #source: Source<Rest>;
  readonly #databases: Databases<Rest>;
  readonly #breaker: Breaker;

  constructor(options: DeciderOptions<Rest>) {
    const { bundle, database, load = {}, np, refreshSeconds = 60, report = (problem) => console.warn(`nameplate: ${problem}`) } = options;
    this.fail = (error) => {
      try {
        report(error instanceof Error ? error.message : "an error that is none");
      } catch {
        // A page does not end for what is told of it.
      }
    };
    this.#options = options;
    this.#find = addressFinder(options);
    this.#source = new Source(bundle, load, refreshSeconds, this.fail);
    this.#databases = new Databases(database, refreshSeconds, this.fail);
    this.#breaker = new Breaker(this.fail);
    const around = {
      nameplate: async (rest: Rest) => {
        await this.first(rest);
        return this.#inUse(rest);
      },
      described: (visit: Visit, nameplate: Nameplate, rest: Rest) => this.#databases.described(visit, nameplate, rest),
      knownOf: (request: Request, rest: Rest) => this.#knownOf(request, { ...takeTokens(request).known, token: askedWith(request) }, rest),
      cookiesOf: (nameplate: Nameplate, request: Request, rest: Rest) => this.#cookiesOf(nameplate, request, rest),
      fail: this.fail,
    };
    this.answers = np === undefined ? null : new Answers(np, around);
  }

  /** The request without what its address says of the visitor's account, and that. */
  taken(request: Request): Taken {
    return this.#options.tokenKey === undefined ? { request, known: {} } : takeTokens(request);
  }

  /** What to wait for before anything is decided: the first bundle. `null` once it is there. */
  first(rest: Rest): Promise<unknown> | null {
    return this.#source.first(rest);
  }

  /** What the visitor of a page is to see, or the answer that sends him elsewhere; `null` when that cannot be said now. */
  decide(taken: Taken, rest: Rest): Decided | Response | null {
    const { request } = taken;
    const nameplate = this.#inUse(rest);
    if (nameplate === null || !this.#breaker.allows(nameplate)) return null;
    const visit = this.#databases.described(visitOf(request, this.#knownOf(request, taken.known, rest), this.#cookiesOf(nameplate, request, rest)), nameplate, rest);
    const mayKeep = typeof taken.known.token === "string" && this.#keeps(request, rest);
    const kept = mayKeep ? keeping(taken, (shown) => nameplate.decide(shown), visit.now ?? 0) : null;
    if (kept !== null) return kept;
    const decision = nameplate.decide(visit);
    return redirectOf(request, decision, (url) => nameplate.decide({ ...visit, url })) ?? { nameplate, visit, decision };
  }

  #inUse(rest: Rest): Nameplate | null {
    const nameplate = this.#source.nameplate();
    try {
      const key = given(this.#options.tokenKey, rest);
      if (nameplate !== null && key !== undefined) nameplate.tokenKey = key;
    } catch (error) {
      this.fail(error);
    }
    return nameplate;
  }

  /** Of those that rules read. Who objects has agreed to nothing. */
  #cookiesOf(nameplate: Nameplate, request: Request, rest: Rest): Record<string, string> | null {
    const header = request.headers.get("cookie");
    if (header === null) return null;
    const agrees = this.#options.readCookies?.(request, ...rest) === true && !objects(request);
    return nameplate.cookies(header, agrees);
  }

  /** Whether a cookie may keep the visitor's token. */
  #keeps(request: Request, rest: Rest): boolean {
    return this.#options.keepToken?.(request, ...rest) === true && !objects(request);
  }

  /** Who objects is a stranger in all. */
  #knownOf(request: Request, { token = null, cookie = null }: Taken["known"], rest: Rest): Visit {
    if (objects(request)) return { ip: null };
    const ip = this.#find(request, ...rest);
    return this.#options.tokenKey === undefined ? { ip } : { ip, token, cookie: this.#keeps(request, rest) ? cookie : null };
  }
}

function visitOf({ headers, url }: Request, known: Visit, cookies: Record<string, string> | null): Visit {
  const language = /^[a-z0-9-]+/i.exec(headers.get("accept-language") ?? "")?.[0] ?? null;
  return { ...known, url, referrer: headers.get("referer"), now: Math.floor(Date.now() / 1_000), visitor: { language, cookies } };
}
