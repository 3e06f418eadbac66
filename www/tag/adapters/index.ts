// The adapters by the names that a site switches them on with.

import type { Adapter } from "./adapter.ts";
import { analytics } from "./analytics.ts";
import { dataLayer } from "./data-layer.ts";
import { gpt } from "./gpt.ts";
import { prebid } from "./prebid.ts";

const ADAPTERS = new Map<string, Adapter>([["datalayer", dataLayer], ["analytics", analytics], ["gpt", gpt], ["prebid", prebid]]);

/** `names` as the site writes them, with spaces between; one that we do not know is passed over. */
export function adaptersOf(names: string): Adapter[] {
  return names.toLowerCase().split(/\s+/).flatMap((name) => ADAPTERS.get(name) ?? []);
}
