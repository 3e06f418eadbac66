// A decision's changes in the words of Cloudflare's HTMLRewriter, which its copies in npm share.

export const rewriterFor = (HTMLRewriter, slots) => addHandlers(new HTMLRewriter(), slots);

export function addHandlers(rewriter, slots) {
  for (const { selector, changes } of slots) rewriter.on(selector, { element: (element) => changes.forEach((change) => apply(element, change)) });
  return rewriter;
}

function apply(element, { kind, name, value }) {
  if (kind === "attribute") element.setAttribute(name, value);
  else if (kind === "text") element.setInnerContent(value);
  else if (kind === "html") element.setInnerContent(value, { html: true });
  else throw new Error(`the sets have no change \`${kind}\``);
}
