// Prebid: first-party data of the user, `ortb2.user.ext.data`, for all bidders. What else the site has set there stays.

import type { Adapter } from "./adapter.ts";

type Part = Record<string, unknown>;

interface Prebid {
  que?: (() => void)[];
  getConfig?: (name: "ortb2") => Part | undefined;
  setConfig?: (config: { ortb2: Part }) => void;
}

export const prebid: Adapter = {
  target(window, targeting) {
    const page = window as { pbjs?: Prebid };
    const pbjs = (page.pbjs ??= {});
    (pbjs.que ??= []).push(() => {
      // Not `mergeConfig`: it joins lists, so that what was said before would be said for ever.
      const ortb2 = pbjs.getConfig?.("ortb2");
      const user = part(ortb2, "user");
      const ext = part(user, "ext");
      const data = { ...part(ext, "data"), ...targeting };
      const kept = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
      pbjs.setConfig?.({ ortb2: { ...ortb2, user: { ...user, ext: { ...ext, data: kept } } } });
    });
  },
};

function part(of: Part | undefined, name: string): Part {
  const found = of?.[name];
  return typeof found === "object" && found !== null ? (found as Part) : {};
}
