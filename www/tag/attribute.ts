// Attributes that a change may set: the list of the contract, and a few more inside cleaned HTML. Event handlers, `style`,
// `id` and `name` (which clobber globals) are on no list.

import { checkSrcset, checkUrl } from "./url.ts";

const NAMES = new Set(
  ("alt class dir height href hidden lang placeholder src srcset title width " +
    // What a cleaner leaves inside HTML.
    "rel target cite datetime colspan rowspan headers scope span start reversed type align open value").split(" "),
);
const PREFIXED = /^(?:aria|data)-[a-z0-9-]+$/;

/** Sets one attribute, or throws when the name is not allowed or the address is not safe. */
export function setAttribute(element: Element, name: string, value: string): void {
  if (!NAMES.has(name) && !PREFIXED.test(name)) throw new Error(`the attribute \`${name}\` is not allowed`);
  if (name === "href" || name === "src" || name === "cite") checkUrl(value, element.baseURI);
  if (name === "srcset") checkSrcset(value, element.baseURI);
  element.setAttribute(name, value);
}
