// When the browser has painted what there is.

import { safely } from "./say.ts";

/** It paints nothing that nobody sees: then this is soon enough. */
const WAIT_MS = 100;

/** Never rejects. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS);
    // What it calls comes before a frame: the one before it is then through.
    safely("nobody tells of frames", () => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
  });
}
