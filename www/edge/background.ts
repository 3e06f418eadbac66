// What goes on when the answer is given already, or must not hold it up.

/** Has a runtime that ends with its answers wait for `work`: Workers and their like hand over something with `waitUntil`. */
export function goOn(rest: readonly unknown[], work: Promise<unknown>): void {
  for (const given of rest) {
    const { waitUntil } = (given ?? {}) as { waitUntil?: unknown };
    if (typeof waitUntil === "function") return void waitUntil.call(given, work);
  }
}

/** What `work` comes to, or `null` when it takes longer than a page may wait. */
export function soon<T>(work: Promise<T>): Promise<T | null> {
  return Promise.race([work, new Promise<null>((resolve) => setTimeout(resolve, WAIT_MS, null))]);
}

/** A fault may cost a page 50 ms, and timers are late. */
const WAIT_MS = 40;
