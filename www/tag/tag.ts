// The script tag: `<script async src="/np/tag.js"></script>`. Reads its own attributes, takes over what the page has pushed, and
// leaves one name on `window`.

import { readConfig } from "./config.ts";
import { Loader } from "./loader.ts";
import { say } from "./say.ts";

const PREFIX = "data-np-";

function run(): void {
  const waiting: unknown = Object.getOwnPropertyDescriptor(window, "nameplate")?.value;
  // A second tag; or somebody else's name, which is not ours to take.
  if (waiting !== undefined && !Array.isArray(waiting)) return;
  const tag = new Loader();
  Object.defineProperty(window, "nameplate", { __proto__: null, value: tag, configurable: true, writable: true } as PropertyDescriptor);
  void tag.load(() => {
    // The property of the prototype: an element named `currentScript` stands before the document's own. A module has none, and is
    // known by its address.
    const script = Reflect.get(Document.prototype, "currentScript", document) ?? document.querySelector('script[data-np-base],script[src*="/tag.js"]');
    const isScript = script instanceof HTMLScriptElement;
    const folder = isScript && script.src !== "" ? new URL(".", script.src).href : "/np/";
    const names = isScript ? script.getAttributeNames().filter((name) => name.startsWith(PREFIX)) : [];
    return readConfig((name) => (isScript ? script.getAttribute(PREFIX + name) : null), folder, names.map((name) => name.slice(PREFIX.length)));
  });
  if (Array.isArray(waiting)) tag.push(...waiting);
}

try {
  run();
} catch (error) {
  say("the page stays as it is", error);
}
