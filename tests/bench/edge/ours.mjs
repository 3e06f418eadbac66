// What an edge engineer writes.
import { personalise } from "nameplate/edge";
import bundle from "site.npb";

export default {
  fetch: personalise({ bundle: () => bundle, origin: (request) => fetch(request), clientAddress: "cf-connecting-ip" }),
};
