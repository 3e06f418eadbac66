// The origin of a runtime that is tested: pages by their paths, and bundles.

import { serve } from "./wire.mjs";

/** `answers` has a function for each path, which answers; `bundles` has bytes for each name below `/bundles/`, or such a function. `{ url, stop }`. */
export async function startOrigin(answers, bundles) {
  const { port, stop } = await serve((request, response) => {
    const { pathname } = new URL(request.url, "http://origin");
    const bundle = bundles[/^\/bundles\/(.*)$/.exec(pathname)?.[1]];
    if (typeof bundle === "function") bundle(response);
    else if (bundle !== undefined) response.end(bundle);
    else if (answers[pathname] !== undefined) answers[pathname](response);
    else response.writeHead(404).end();
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}
