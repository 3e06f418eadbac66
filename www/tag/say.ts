// What is of use to somebody who looks for a mistake, and to nobody else. A page's own console may be anything, or missing.

export function say(what: string, error?: unknown): void {
  try {
    console.debug(`nameplate: ${what}`, ...(error === undefined ? [] : [error]));
  } catch {
    // Nobody listens.
  }
}

/** For what the browser calls, and for what stands beside other things: a page may have broken what `work` needs. */
export function safely(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    say(what, error);
  }
}
