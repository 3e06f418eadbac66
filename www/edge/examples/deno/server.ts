// Before another server: SITE=site.npb ORIGIN=http://127.0.0.1:8080 PORT=3000 deno task start

import { personalise } from "nameplate/edge";
import { originAt } from "nameplate/node";

const env = (name: string, otherwise: string) => Deno.env.get(name) ?? otherwise;

const handle = personalise({
  bundle: () => Deno.readFile(env("SITE", "site.npb")),
  origin: originAt(env("ORIGIN", "http://127.0.0.1:8080")),
  // One proxy stands before this one. Where none does: (request, info) => info.remoteAddr.hostname.
  clientAddress: "x-forwarded-for=1",
  // The tag, where pages have it: what you measure with takes the place of the log.
  np: {
    files: (name) => Deno.readFile(new URL(import.meta.resolve(`nameplate/np/${name}`))),
    events: (events) => console.log(JSON.stringify(events)),
  },
});

Deno.serve({ hostname: "127.0.0.1", port: Number(env("PORT", "3000")) }, (request) => handle(request));
