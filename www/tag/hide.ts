// Hides an element by the attribute `hidden`, which takes it out of what assistive technology reads, too, and by a rule of our own:
// a page's `display: flex` would else win. The attribute's value tells ours from the page's: any value hides. Both leave no trace
// when the attribute goes, unlike a `style`, which comes back spelt otherwise and which a policy may forbid to set.

import { sheetOf } from "./sheet.ts";

export const HIDDEN = "hidden";
const OURS = "np";

const addRule = sheetOf(`[${HIDDEN}="${OURS}"] { display: none !important }`);

export function hide(element: Element): void {
  element.setAttribute(HIDDEN, OURS);
  const root = element.getRootNode();
  if (root instanceof Document || root instanceof ShadowRoot) addRule(root);
}
