// Attributes that a change may set: the list of the contract, and a few more inside cleaned HTML. Event handlers, `style`,
// `id` and `name` (which clobber globals) are on no list.

import { checkHref, checkSrcset, checkUrl } from "./url.ts";

const NAMES = new Set("alt dir height href lang placeholder src srcset title width".split(" "));
/** What the compiler's cleaner (`ammonia`) leaves inside HTML beyond those. */
const HTML_NAMES = new Set(
  "align char charoff cite class colspan datetime headers hreflang open rel reversed role rowspan scope size span start summary target type value".split(" "),
);
const PREFIXED = /^(?:aria|data)-[a-z0-9-]+$/;

/** Sets one attribute, or throws when the name is not allowed or the address is not safe. `inHtml`: as part of an HTML value. */
export function setAttribute(element: Element, name: string, value: string, inHtml = false): void {
  if (!NAMES.has(name) && !PREFIXED.test(name) && !(inHtml && HTML_NAMES.has(name))) throw new Error(`the attribute \`${name}\` is not allowed`);
  if (name === "href") checkHref(value, element.baseURI);
  if (name === "src" || name === "cite") checkUrl(value, element.baseURI);
  if (name === "srcset") checkSrcset(value, element.baseURI);
  element.setAttribute(name, value);
}
