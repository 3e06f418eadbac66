// `nameplate/node`: the handler of `nameplate/edge` in servers of Node's `http`, which know neither `Request` nor `Response`; Express,
// Fastify and their like among them.

import type { IncomingMessage, ServerResponse } from "node:http";
import { personalise, type EdgeOptions } from "../index.ts";
import { Exchange } from "./exchange.ts";
import { requestOf } from "./request.ts";
import { send } from "./send.ts";

export { originAt } from "./origin.ts";
export { packing } from "./zlib.ts";

/** As for `personalise`, which needs no origin here: the application is it. */
export type MiddlewareOptions = Omit<EdgeOptions<[incoming: IncomingMessage]>, "origin">;

/** What `createServer` takes. `handle` gets Node's own request behind the web's, so that it can ask the connection who is there. */
export function listener(handle: (request: Request, incoming: IncomingMessage) => Response | Promise<Response>): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => handle(requestOf(incoming, outgoing, incoming), incoming);
  return (incoming, outgoing) => {
    // A handler has no answer when its origin is out of reach.
    const response = answer(incoming, outgoing).catch(() => new Response(null, { status: 502 }));
    void response.then((answered) => send(answered, outgoing));
  };
}

/** Personalises the pages that the application behind it makes: `app.use(middleware(options))`. */
export function middleware(options: MiddlewareOptions): (incoming: IncomingMessage, outgoing: ServerResponse, next: (error?: unknown) => void) => void {
  const handle = personalise<[incoming: IncomingMessage, exchange: Exchange]>({ ...options, origin: (request, _, exchange) => exchange.ask(request) });
  return (incoming, outgoing, next) => {
    let exchange: Exchange | undefined;
    const answer = async () => {
      const request = requestOf(incoming, outgoing, null);
      exchange = new Exchange(request, incoming, outgoing, next);
      await exchange.answer(await handle(request, incoming, exchange));
    };
    // Of what the web has no request for, the application may make something. No promise is given back: Fastify would go on twice.
    answer().catch(() => (exchange === undefined ? next() : exchange.release()));
  };
}
