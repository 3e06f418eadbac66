// The loader: fetches the visitor's slice, the core and the runtime at the same time, and hands over. Small, because the page
// loads it first. Whatever fails, the page stays as its author wrote it, and `diagnose()` says why.
//
// Files are loaded by `import()` and `fetch`: a script element would need a Trusted Types policy. Objects for the browser have no
// prototype, so that no page that writes on `Object.prototype` has a word in them.

import type { Decision } from "../src/types.ts";
import type { Consent, Diagnosis, Facts, PageFacts, Step, Tag } from "./api.ts";
import type { Config } from "./config.ts";
import { Journal } from "./journal.ts";
import type { Runtime, Session, Sliced } from "./runtime.ts";
import { safely } from "./say.ts";
import { takeToken } from "./token.ts";

/** Written by `build.mjs`: the files that belong to this loader. */
declare const VERSION: string;
declare const FILES: { runtime: File; wasm: File; js: File };
type File = readonly [address: string, digest: string];

export class Loader implements Tag {
  readonly #journal = new Journal(VERSION);
  /** What the page has called before the runtime was there. */
  #early: ((session: Session) => void)[] = [];
  #session: Session | undefined;

  push(...uses: ((tag: Tag) => unknown)[]): void {
    for (const use of uses) {
      safely("a function that was pushed failed", () => typeof use === "function" && use(this));
    }
  }

  set(facts: Facts): void {
    this.#use((session) => session.set(facts));
  }

  consent(consent: Partial<Consent>): void {
    this.#use((session) => session.consent(consent));
  }

  track(name: string, value?: number): void {
    this.#use((session) => session.track(name, value));
  }

  facts(): PageFacts | null {
    return this.#session?.facts() ?? null;
  }

  decision(): Decision | null {
    return this.#session?.decision ?? null;
  }

  stop(): void {
    this.#end();
    this.#journal.diagnosis.state = "stopped";
  }

  diagnose(): Diagnosis {
    return this.#journal.copy();
  }

  /** Called once. */
  async load(configure: () => Config): Promise<void> {
    const journal = this.#journal;
    const attempt = async <T>(name: Step, work: () => T | Promise<T>): Promise<T> => {
      try {
        const result = await work();
        journal.done(name);
        return result;
      } catch (error) {
        journal.fail(name, error);
        throw error;
      }
    };
    const step: typeof attempt = (name, work) => heard(attempt(name, work));
    let abort: AbortController | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const config = await step("config", configure);
      journal.diagnosis.ignored = config.ignored;
      const { signal } = (abort = new AbortController());
      timer = setTimeout(() => {
        journal.fail("timeout", `not everything was there after ${config.timeout} ms`);
        abort?.abort();
      }, config.timeout);
      const runtime = step("runtime", async () => this.#begin(await load<Runtime>(config, FILES.runtime), config, step));
      const core = step("core", () => this.#core(config, signal));
      const slice = step("slice", () => this.#slice(config, signal));
      if (config.consent === "granted") safely("what is kept is read later", () => requestIdleCallback(recall));
      const decided = heard(runtime.then((session) => session.run(slice, core)));
      await Promise.all([core, slice, decided]);
    } catch (error) {
      // Most have been written down by their step.
      journal.fail("runtime", error);
      abort?.abort();
      this.#end();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Never throws: what the page has broken may be in the way of putting it back. */
  #end(): void {
    this.#use((session) => session.stop());
    this.#session = undefined;
  }

  /** What takes longer than its time finds the failure written down, and leaves the page alone. */
  #begin(runtime: Runtime, config: Config, step: ConstructorParameters<typeof Session>[2]): Session {
    if (this.#journal.diagnosis.state !== "loading") throw new Error("too late");
    this.#session = new runtime.Session(config, this.#journal, step);
    for (const use of this.#early.splice(0)) this.#use(use);
    return this.#session;
  }

  /** Never throws: these are calls of the page's own code. */
  #use(use: (session: Session) => void): void {
    safely("a call failed", () => {
      if (this.#session !== undefined) use(this.#session);
      else if (this.#journal.diagnosis.state === "loading") this.#early.push(use);
    });
  }

  async #core(config: Config, signal: AbortSignal): Promise<WebAssembly.Module | object> {
    const { diagnosis } = this.#journal;
    if (config.core !== "js" && allowsWasm()) {
      diagnosis.core = "wasm";
      // Not `compileStreaming`: it insists on the MIME type, which many static hosts get wrong, and gains nothing at this size.
      const [address, digest] = FILES.wasm;
      return WebAssembly.compile(await (await fetched(new URL(address, config.base), signal, digest)).arrayBuffer());
    }
    diagnosis.core = "js";
    return load<object>(config, FILES.js);
  }

  /** The slice, and what the visitor's token has told. */
  async #slice(config: Config, signal: AbortSignal): Promise<Sliced> {
    const { diagnosis } = this.#journal;
    const token = takeToken();
    const inline = document.getElementById("np-slice");
    if (inline instanceof HTMLScriptElement) {
      diagnosis.slice = "inline";
      const [text = "", told = ""] = inline.text.trim().split(" ");
      const letters = atob(text);
      const slice = new Uint8Array(letters.length);
      for (let at = 0; at < slice.length; at += 1) slice[at] = letters.charCodeAt(at);
      return [slice.buffer, told];
    }
    diagnosis.slice = "request";
    const answer = await fetched(config.slice, signal, "", token);
    // A page's own `fetch` may know no headers.
    return [await answer.arrayBuffer(), (answer.headers as Headers | undefined)?.get("np-told") ?? ""];
  }
}

/** Nobody may be left to hear that it failed. */
function heard<T>(result: Promise<T>): Promise<T> {
  result.catch(() => undefined);
  return result;
}

/** What the browser keeps for the page it reads when it is first asked, and the page waits: best while the network is at work. */
function recall(): void {
  safely("nothing can be kept", () => Reflect.get(navigator, "globalPrivacyControl") === true || localStorage.length);
}

/** Whether the page's policy allows any: by the smallest WebAssembly module. */
function allowsWasm(): boolean {
  try {
    // WebKit compiles where a policy forbids it, and refuses only the instance.
    const smallest = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    return new WebAssembly.Instance(smallest) instanceof WebAssembly.Instance;
  } catch {
    return false;
  }
}

/** An `import()` takes no digest, but it gets what a preload of the same address gets: in Chromium and Firefox nothing when the digest is another. */
function load<T>(config: Config, [address, integrity]: File): Promise<T> {
  const { href } = new URL(address, config.base);
  const link = document.createElement("link");
  safely("the digest is not checked", () => {
    const { nonce = "" } = document.querySelector<HTMLElement>("script[nonce]") ?? {};
    document.head.append(Object.assign(link, { rel: "modulepreload", integrity, nonce, href }));
  });
  const loaded = import(/* @vite-ignore */ /* webpackIgnore: true */ href) as Promise<T>;
  // It has begun, and the page is again as it was.
  link.parentNode?.removeChild(link);
  return loaded;
}

async function fetched(url: URL, signal: AbortSignal, integrity: string, token: string | null = null): Promise<Response> {
  const headers = token === null ? undefined : { __proto__: null, "np-token": token };
  const init = { __proto__: null, signal, integrity, headers } as unknown as RequestInit;
  let response: Response;
  try {
    response = await fetch(url.href, init);
  } catch (error) {
    // Whatever it is, the network or a digest, the browser calls it the same.
    throw new Error(`${url.pathname}: ${error}`);
  }
  if (!response.ok) throw new Error(`${url.pathname} answered with status ${response.status}`);
  return response;
}
