// A decision, and the page as it is.
import { Nameplate } from "nameplate";
import bundle from "site.npb";

let loading;

export default {
  async fetch(request) {
    const nameplate = await (loading ??= Nameplate.load(bundle));
    const { headers, url } = request;
    const visit = { ip: headers.get("cf-connecting-ip"), url, referrer: headers.get("referer"), now: Math.floor(Date.now() / 1000), visitor: { language: headers.get("accept-language") } };
    if (nameplate.decide(visit).account === null) throw new Error("a stranger");
    return fetch(request);
  },
};
