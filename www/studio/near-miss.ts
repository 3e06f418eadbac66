// Near misses as the core words them, "would match if A; it is X" or "would match if A (it is X) and B", with the rules set
// apart as code. What is worded otherwise is shown as it is.

import { element, prose, sentence } from "./dom.ts";

const OPENING = "would match if ";
/** Before this a new atom of a rule begins, not a word inside a quoted value. */
const JOINT = / and (?=!|"|account\.|visitor\.|page\.|time\.|in_|has\()/;

export function nearMiss(text: string): DocumentFragment {
  if (!text.startsWith(OPENING) || text.includes("`")) return prose(sentence(text));
  const fragment = document.createDocumentFragment();
  fragment.append(sentence(OPENING));
  text.slice(OPENING.length).split(JOINT).forEach((part, index) => {
    if (index > 0) fragment.append(" and ");
    const [, atom = part, found = ""] = /^(.*?)(; it is .*| \(it is .*\))?$/s.exec(part) ?? [];
    fragment.append(element("code", {}, atom), found);
  });
  return fragment;
}
