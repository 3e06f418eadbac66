// HTML values to DOM, without any of the browser's parsing sinks: `innerHTML`, DOMParser and createContextualFragment all
// need a Trusted Types policy, which a page may forbid (`trusted-types 'none'`). The compiler has cleaned and serialised
// the value, so what must be read is the narrow form of a serialiser: lower-case names, quoted values, every element
// closed. Anything else is refused, and the slot stays as authored.

import { setAttribute } from "./attribute.ts";

/** Elements that hold text and media and run nothing: what `ammonia` lets through, and a few that could be added to it. */
const ELEMENTS = new Set(
  ("a abbr acronym address article aside b bdi bdo blockquote br button caption center cite code col colgroup data dd del details dfn div dl dt em " +
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main map mark nav ol p picture pre q rp rt rtc ruby s samp " +
    "section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr").split(" "),
);
const VOID = new Set(["area", "br", "col", "hr", "img", "wbr"]);
const DEPTH_MAX = 64;

const TEXT = /[^<]+/y;
const END = /<\/([a-z][a-z0-9]*)>/y;
const START = /<([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*="[^"]*")*)>/y;
const ATTRIBUTE = / ([a-z][a-z0-9-]*)="([^"]*)"/g;
const COMMENT = /<!--[^]*?-->/y;
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi;
const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** The nodes of `html`, made in `document`; an error when it is not in the form that the compiler writes. */
export function buildHtml(document: Document, html: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const open: Element[] = [];
  let at = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(html);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };

  while (at < html.length) {
    const parent = open.at(-1) ?? fragment;
    let match: RegExpExecArray | null;
    if ((match = take(TEXT)) !== null) {
      parent.append(decode(match[0]));
    } else if ((match = take(END)) !== null) {
      if (open.pop()?.localName !== match[1]) throw new Error(`html closes <${match[1]}> out of order`);
    } else if ((match = take(START)) !== null) {
      const [, name = "", attributes = ""] = match;
      if (!ELEMENTS.has(name)) throw new Error(`html holds <${name}>`);
      const element = document.createElement(name);
      for (const [, attribute = "", value = ""] of attributes.matchAll(ATTRIBUTE)) setAttribute(element, attribute, decode(value), true);
      parent.append(element);
      if (!VOID.has(name) && open.push(element) > DEPTH_MAX) throw new Error("html is nested too deep");
    } else if (take(COMMENT) === null) {
      throw new Error(`html is not in the form that the compiler writes, at character ${at}`);
    }
  }
  if (open.length > 0) throw new Error(`html leaves <${open.at(-1)?.localName}> open`);
  return fragment;
}

function decode(text: string): string {
  return text.replace(REFERENCE, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? "", 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
