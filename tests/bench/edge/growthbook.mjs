// The same changes by GrowthBook's package for Cloudflare, as an experiment of its visual editor. It gets the account ready-made, has no
// other rule, and is told not to put its own script into the page.
import { handleRequest } from "@growthbook/edge-cloudflare";
import payload from "growthbook.json";

const config = {
  payload,
  attributes: { id: "visitor", account: "known" },
  skipAutoAttributes: true,
  persistUuid: false,
  disableInjections: true,
  crypto,
};

export default {
  fetch: (request) => handleRequest(request, { PROXY_TARGET: new URL(request.url).origin }, config),
};
