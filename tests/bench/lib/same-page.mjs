// What a page comes to, whoever wrote it down: elements, attributes in the order of their names, texts. Left out are comments, which
// GrowthBook's parser drops, attributes without a value, which it writes as `null`, and what Nameplate notes for the tag to put back what
// the author wrote: no peer notes that.

import { NodeType, parse } from "node-html-parser";

const isOurs = (name) => /^data-np-(?:edge|was-.*)$/.test(name);

/** As one text. */
export function essence(html) {
  const parts = [];
  write(parse(html, { comment: false, blockTextElements: { script: true, style: true, noscript: true, pre: true } }), parts);
  return parts.join("").replaceAll(/\s+/g, " ");
}

function write(node, parts) {
  const { rawTagName: name, childNodes } = node;
  if (node.nodeType === NodeType.TEXT_NODE) return parts.push(node.rawText);
  const attributes = Object.entries(node.rawAttributes ?? {});
  if (name === "template" && attributes.some(([name]) => name === "data-np-edge")) return;
  const kept = attributes.filter(([name, value]) => value !== "" && !isOurs(name)).sort(([one], [other]) => (one < other ? -1 : 1));
  if (name) parts.push(`<${name}${kept.map(([name, value]) => ` ${name}="${value}"`).join("")}>`);
  for (const child of childNodes) write(child, parts);
  if (name) parts.push(`</${name}>`);
}
