// How long somebody has been at a page: while it is visible, and until half a minute after they last did something.

const IDLE_MS = 30_000;

/** Times are milliseconds of one clock that never goes back. */
export class Engagement {
  #from: number | null = null;
  #until = 0;
  #sum = 0;

  /** The visitor does something, or the page has just come into sight. */
  active(now: number): void {
    if (this.#from === null || now > this.#until) {
      this.pause(now);
      this.#from = now;
    }
    this.#until = now + IDLE_MS;
  }

  /** The page goes out of sight. */
  pause(now: number): void {
    if (this.#from !== null) this.#sum += Math.max(0, Math.min(now, this.#until) - this.#from);
    this.#from = null;
  }

  /** What has come together since this was last asked, milliseconds. */
  take(now: number): number {
    const isRunning = this.#from !== null && now <= this.#until;
    this.pause(now);
    if (isRunning) this.#from = now;
    const sum = Math.round(this.#sum);
    this.#sum = 0;
    return sum;
  }
}
