// The same changes by workerd's own HTMLRewriter. It decides nothing: `changes.json` is the visitor's. A decision is the visitor's too, so
// the rewriter is made with each page.
import changes from "changes.json";

import { rewriterFor } from "../rewriter/handlers.mjs";

export default {
  fetch: async (request) => rewriterFor(HTMLRewriter, changes).transform(await fetch(request)),
};
