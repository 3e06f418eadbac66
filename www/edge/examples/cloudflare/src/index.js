// A Worker on a route of the site: the origin is what the route leads to.

import { personalise } from "nameplate/edge";

export default {
  fetch: personalise({
    bundle: (env) => env.SITE.get("site.npb", "arrayBuffer"),
    origin: (request) => fetch(request),
    clientAddress: "cf-connecting-ip",
    // The tag, where pages have it: a queue or Analytics Engine takes the place of the log.
    np: {
      files: (name, env) => env.ASSETS.fetch(`https://np/${name}`),
      events: (events) => console.log(JSON.stringify(events)),
    },
  }),
};
