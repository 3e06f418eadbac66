// Near misses as the core words them, "Would match if A; it is X" or "Would match if A (it is X) and B", with the rules set apart as code.

import type { NearMiss } from "../src/types.ts";
import { element } from "./dom.ts";

export function nearMissText({ wishes, isCertain }: NearMiss): DocumentFragment {
  const fragment = document.createDocumentFragment();
  wishes.forEach(({ needs, is }, index) => {
    fragment.append(index === 0 ? "Would match if " : " and ", element("code", {}, needs));
    if (is !== null) fragment.append(wishes.length === 1 ? `; it is ${is}` : ` (it is ${is})`);
  });
  if (!isCertain) fragment.append("; whether it can be is not known");
  return fragment;
}
