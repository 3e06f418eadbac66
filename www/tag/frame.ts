// An HTML creative in a frame of its own, in which nothing is allowed: no script, no form, no window, no storage, no way out of it. It
// has no origin, so that its pictures say to nobody where they stand.
//
// Its text is handed over as `srcdoc`, so that it is in nobody's cache and under no address. Such a frame is under the page's own
// policy. Where that forbids styles in HTML, or where Trusted Types know no policy `nameplate`, the placement stays as it was: a
// creative without its styles is not what somebody paid for.

const HEAD = '<!doctype html><style>html, body { margin: 0; height: 100%; overflow: hidden }</style>';

export function buildFrame(document: Document, html: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.className = "frame";
  // Without words: whatever is not named is forbidden.
  frame.setAttribute("sandbox", "");
  // The link above it has its words and takes clicks and focus.
  frame.inert = true;
  frame.setAttribute("aria-hidden", "true");
  checkStyles(document);
  frame.srcdoc = trusted(HEAD + html);
  return frame;
}

/** Throws where the page's policy forbids styles in HTML. A style that styles nothing asks, because a frame tells nobody. */
function checkStyles(document: Document): void {
  const style = document.createElement("style");
  style.textContent = ":not(*) {}";
  document.head.append(style);
  const { sheet } = style;
  style.remove();
  if (sheet === null) throw new Error("the page's policy forbids styles in a frame");
}

interface Policy {
  createHTML(html: string): string;
}

let policy: Policy | undefined;

/** Throws where the page's policy does not know `nameplate`. */
function trusted(html: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  policy ??= trustedTypes?.createPolicy("nameplate", { __proto__: null, createHTML: (text: string) => text } as Policy);
  return policy === undefined ? html : policy.createHTML(html);
}
