// Hides an element by the attribute `hidden`, which takes it out of what assistive technology reads, too, and by a rule of our own:
// a page's `display: flex` would else win. The attribute's value tells ours from the page's: any value hides. Both leave no trace
// when the attribute goes, unlike a `style`, which comes back spelt otherwise and which a policy may forbid to set.

export const HIDDEN = "hidden";
const OURS = "np";

let sheet: CSSStyleSheet | undefined;

export function hide(element: Element): void {
  element.setAttribute(HIDDEN, OURS);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(`[${HIDDEN}="${OURS}"] { display: none !important }`);
  }
  const root = element.getRootNode();
  const isHome = root instanceof Document || root instanceof ShadowRoot;
  if (isHome && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
