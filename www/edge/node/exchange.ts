// A request to an application that answers through Node's response. What it writes is held until it is known what becomes of it: it goes
// its way untouched, or is read as the body of a page. The response's methods stay replaced, for whoever is further inside has kept them.

import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { EMPTY, pairsOf } from "./request.ts";
import { send, type Way } from "./send.ts";

/** A call of the application's, to be made again. */
type Call = [method: "write" | "end", parameters: unknown[]];

export class Exchange {
  readonly #request: Request;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #next: (error?: unknown) => void;
  /** The methods that were replaced. */
  readonly #way: Way & Pick<ServerResponse, "writeHead">;
  #hasAsked = false;
  /** The headers of the request as they came. */
  #told: IncomingHttpHeaders = {};
  /** The application's answer, once its head is known. */
  #response: Response | undefined;
  #answered: (response: Response) => void = () => {};
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #held: Call[] = [];
  #isRead = false;
  /** It has been told to wait, and who hears when it need not any more. */
  #isWaiting = false;
  readonly #drains = new EventEmitter();
  #isEnded = false;
  /** What `writeHead` was called with, and whether `flushHeaders` was. */
  #head: unknown[] | undefined;
  #isImplied = false;
  #isFlushed = false;
  /** The head may be sent. */
  #isSending = false;
  /** The application's calls go their way. */
  #isFree = false;

  constructor(request: Request, incoming: IncomingMessage, outgoing: ServerResponse, next: (error?: unknown) => void) {
    this.#request = request;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#next = next;
    const { write, end, writeHead, flushHeaders, on } = outgoing;
    this.#way = { write, end, writeHead, flushHeaders, on };
  }

  /** The application's answer, when it is asked with the headers of `request`. */
  ask({ headers }: Request): Promise<Response> {
    const told = this.#incoming.headers;
    this.#told = { ...told };
    for (const [name] of this.#request.headers) if (!headers.has(name)) delete told[name];
    for (const [name, value] of headers) if (value !== this.#request.headers.get(name)) told[name] = value;
    this.#replaceMethods();
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#proceed();
    });
  }

  /** Sends what has become of it. */
  async answer(response: Response): Promise<void> {
    if (response === this.#response && !this.#isRead) return this.release();
    this.#isSending = true;
    // What packs it on its way out may pack it as the visitor likes it best.
    Object.assign(this.#incoming.headers, this.#told);
    await send(response, this.#outgoing, this.#way);
  }

  /** The application's answer goes as it comes. */
  release(): void {
    if (!this.#hasAsked) return this.#proceed();
    if (this.#isSending) return;
    this.#isSending = true;
    this.#isFree = true;
    Object.assign(this.#incoming.headers, this.#told);
    if (this.#head !== undefined) Reflect.apply(this.#way.writeHead, this.#outgoing, this.#head);
    if (this.#isFlushed) this.#way.flushHeaders.call(this.#outgoing);
    for (const call of this.#held.splice(0)) this.#make(call);
  }

  #proceed(): void {
    this.#hasAsked = true;
    this.#next();
  }

  #replaceMethods(): void {
    const [outgoing, way] = [this.#outgoing, this.#way];
    outgoing.write = (...parameters: unknown[]) => this.#take(["write", parameters]) as boolean;
    outgoing.end = (...parameters: unknown[]) => this.#take(["end", parameters]) as ServerResponse;
    outgoing.flushHeaders = () => {
      this.#imply();
      if (this.#isSending) way.flushHeaders.call(outgoing);
      else this.#isFlushed = true;
    };
    outgoing.writeHead = (...parameters: unknown[]) => {
      if (this.#isSending) return Reflect.apply(way.writeHead, outgoing, parameters);
      if (!this.#isImplied) this.#head ??= parameters;
      this.#begin();
      return outgoing;
    };
    // What stands before this one may keep such listeners for a stream of its own.
    const { removeListener } = outgoing;
    const on = (event: string, listener: () => void) => {
      if (event === "drain") this.#drains.on(event, listener);
      return Reflect.apply(way.on, outgoing, [event, listener]);
    };
    const off = (event: string, listener: () => void) => {
      this.#drains.off(event, listener);
      return Reflect.apply(removeListener, outgoing, [event, listener]);
    };
    Object.assign(outgoing, { on, addListener: on, off, removeListener: off });
    // Who asks whether it is too late for another answer must hear the truth.
    const tell = (name: "headersSent" | "writableEnded", isSo: () => boolean) => {
      const prototype: object = Object.getPrototypeOf(outgoing);
      Object.defineProperty(outgoing, name, { configurable: true, get: () => isSo() || Reflect.get(prototype, name, outgoing) });
    };
    tell("headersSent", () => this.#response !== undefined && !this.#isSending);
    tell("writableEnded", () => this.#isEnded);
  }

  #take(call: Call): unknown {
    this.#imply();
    if (this.#isFree) return this.#make(call);
    this.#held.push(call);
    if (this.#isRead) this.#feed();
    if (call[0] === "end") {
      this.#isEnded = true;
      return this.#outgoing;
    }
    this.#isWaiting = this.#isRead;
    return !this.#isWaiting;
  }

  #make([method, parameters]: Call): unknown {
    return Reflect.apply(this.#way[method], this.#outgoing, parameters);
  }

  /** As Node does for an answer without a head: who waits for one, further inside, hears of it. */
  #imply(): void {
    if (this.#response !== undefined || this.#isFree) return;
    this.#isImplied = true;
    this.#outgoing.writeHead(this.#outgoing.statusCode);
    this.#isImplied = false;
  }

  /** The head of the answer is known. */
  #begin(): void {
    if (this.#response !== undefined || this.#isFree) return;
    try {
      this.#response = this.#responseOf(this.#outgoing);
      this.#answered(this.#response);
    } catch {
      // Node sends what the web has no answer for.
      this.release();
    }
  }

  #responseOf(outgoing: ServerResponse): Response {
    const init = headOf(outgoing, this.#head ?? [outgoing.statusCode]);
    if (EMPTY.includes(init.status)) return new Response(null, init);
    outgoing.once("close", () => {
      this.#body?.error(new Error("the answer broke off"));
      this.#body = undefined;
    });
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (body) => {
        this.#body = body;
      },
      pull: () => this.#read(),
      cancel: () => {
        this.#body = undefined;
      },
    };
    return new Response(new ReadableStream(source, { highWaterMark: 0 }), init);
  }

  /** Somebody wants the body: what was held, and what comes. */
  #read(): void {
    this.#isRead = true;
    this.#feed();
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#drains.emit("drain");
  }

  #feed(): void {
    for (const [method, parameters] of this.#held.splice(0)) {
      const [chunk, encoding] = parameters;
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8") : chunk;
      if (bytes instanceof Uint8Array && bytes.length > 0) this.#body?.enqueue(bytes);
      const isDone = parameters.find((parameter) => typeof parameter === "function") as (() => void) | undefined;
      if (method === "end") {
        this.#body?.close();
        this.#body = undefined;
        if (isDone !== undefined) this.#outgoing.once("finish", isDone);
      } else if (isDone !== undefined) queueMicrotask(isDone);
    }
  }
}

/** What Node's `writeHead` would send. */
function headOf(outgoing: ServerResponse, [status, ...rest]: unknown[]): { status: number; statusText: string; headers: Headers } {
  const headers = new Headers(pairsOf(outgoing.getHeaders()));
  const given = rest.find((parameter) => typeof parameter === "object" && parameter !== null) ?? {};
  const pairs = Array.isArray(given) ? pairsOfList(given) : pairsOf(given as OutgoingHttpHeaders);
  for (const [name] of pairs) headers.delete(name);
  for (const [name, value] of pairs) headers.append(name, value);
  return { status: Number(status), statusText: typeof rest[0] === "string" ? rest[0] : (outgoing.statusMessage ?? ""), headers };
}

/** Node takes pairs, and names and values in turn. */
function pairsOfList(list: unknown[]): [string, string][] {
  const flat = list.flat();
  return Array.from({ length: flat.length / 2 }, (_, at) => [String(flat[at * 2]), String(flat[at * 2 + 1])]);
}
