// A Worker on a route of the site: the origin is what the route leads to.

import { personalise } from "nameplate/edge";

export default {
  fetch: personalise({
    bundle: (env) => env.SITE.get("site.npb", "arrayBuffer"),
    origin: (request) => fetch(request),
    clientAddress: "cf-connecting-ip",
  }),
};
