// Style sheets of ours, which a policy cannot forbid as it can a `style`, and which no serialisation of the page shows.

import type { Root } from "./roots.ts";

/** Gives what adds these rules to a root: behind all sheets that it has, once. */
export function sheetOf(rules: string): (root: Root) => void {
  let sheet: CSSStyleSheet | undefined;
  return (root) => {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
    }
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  };
}
