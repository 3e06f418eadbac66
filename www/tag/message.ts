// What the page tells the studio that frames it.

import type { Explanation, Visit } from "../src/types.ts";
import type { Applied } from "./api.ts";

export interface PageMessage {
  nameplate: Explanation | null;
  visit: Visit;
  applied: Applied[];
  /** The page was asked to stay on Default (`np-off=1`). */
  off: boolean;
  problem: string | null;
}

/** A click on a link of the site, for the studio to open the page as the same visitor. */
export interface LinkMessage {
  nameplateLink: string;
}

/** To the framing window of our own origin; to nobody when the page stands alone. */
export function post(window: Window, message: PageMessage | LinkMessage): void {
  if (window.parent !== window) window.parent.postMessage(message, window.location.origin);
}
