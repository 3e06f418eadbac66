// Google Publisher Tag: key-values for Google Ad Manager. They count for ads that are requested from then on.

import type { Adapter, Targeting } from "./adapter.ts";

interface PubAds {
  setTargeting(key: string, value: string | string[]): void;
  clearTargeting(key: string): void;
}

interface GoogleTag {
  cmd?: (() => void)[];
  setConfig?: (config: { targeting: Record<string, string | string[] | null> }) => void;
  pubads?: () => PubAds;
}

/** Ad Manager refuses longer values. */
const VALUE_CHAR_MAX = 40;

export const gpt: Adapter = {
  target(window, targeting) {
    const page = window as { googletag?: GoogleTag };
    const tag = (page.googletag ??= {});
    const values = Object.entries(targeting).map(([key, value]) => [key, fit(value)] as const);
    (tag.cmd ??= []).push(() => {
      // The newer way, and the one that Google has deprecated for it.
      if (tag.setConfig !== undefined) return tag.setConfig({ targeting: Object.fromEntries(values) });
      const ads = tag.pubads?.();
      for (const [key, value] of values) value === null ? ads?.clearTargeting(key) : ads?.setTargeting(key, value);
    });
  },
};

function fit(value: Targeting[keyof Targeting]): string | string[] | null {
  if (value === null) return null;
  return typeof value === "string" ? value.slice(0, VALUE_CHAR_MAX) : value.map((one) => one.slice(0, VALUE_CHAR_MAX));
}
