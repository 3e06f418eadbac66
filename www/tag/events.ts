// What the site is told: events, kept until they are sent, and sent in batches. See docs/events.md.

import { safely } from "./say.ts";
import type { Store } from "./storage.ts";

export type EventType = "exposure" | "impression" | "click" | "conversion" | "engagement";

export type Fields = Readonly<Record<string, string | number | null>>;

/** Flat, so that every table can hold it. */
export interface TagEvent extends Fields {
  /** Who gets an event twice knows it by this. */
  readonly id: string;
  readonly type: EventType;
}

/** Bytes of one batch: browsers take 64 KiB of beacons. */
const BATCH_BYTE_MAX = 60_000;
/** What the server takes at a time. */
const BATCH_EVENT_MAX = 250;
/** Events that wait; the oldest go first. */
const WAITING_MAX = 500;
/** How long an event waits for others, milliseconds. */
const WAIT_MS = 5_000;

/** Bodies that each are small enough, and what is in them. */
export function batchesOf(events: readonly TagEvent[]): { body: string; events: TagEvent[] }[] {
  const batches: { body: string; events: TagEvent[] }[] = [];
  let bytes = BATCH_BYTE_MAX;
  for (const event of events) {
    const text = JSON.stringify(event);
    const size = new TextEncoder().encode(text).length + 1;
    // One that no batch can hold is nobody's.
    if (size + 1 > BATCH_BYTE_MAX) continue;
    let batch = batches.at(-1);
    if (batch === undefined || bytes + size > BATCH_BYTE_MAX || batch.events.length >= BATCH_EVENT_MAX) {
      batch = { body: "", events: [] };
      batches.push(batch);
      bytes = 1;
    }
    batch.body += `${batch.body === "" ? "[" : ","}${text}`;
    batch.events.push(event);
    bytes += size;
  }
  for (const batch of batches) batch.body += "]";
  return batches;
}

export class Queue {
  readonly #window: Window & typeof globalThis;
  readonly #url: string;
  readonly #store: Store;
  #waiting: TagEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRestored = false;
  #isStored = false;
  #isOver = false;

  constructor(window: Window & typeof globalThis, url: string, store: Store) {
    this.#window = window;
    this.#url = url;
    this.#store = store;
    window.addEventListener("online", this.#flushSafely);
  }

  add(event: TagEvent): void {
    this.#put([...this.#waiting, event]);
    this.#timer ??= setTimeout(this.#flushSafely, WAIT_MS);
  }

  /** What an earlier page could not send; once. */
  restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    const kept = this.#store.read("events");
    if (!Array.isArray(kept) || kept.length === 0) return;
    this.#store.write("events", []);
    for (const event of kept.filter(isEvent)) this.add(event);
  }

  /** What waits becomes what `revised` makes of it; `null` is forgotten. */
  revise(revised: (event: TagEvent) => TagEvent | null): void {
    this.#waiting = this.#waiting.flatMap((event) => revised(event) ?? []);
  }

  /** Sends all that waits. Without a network it waits on. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#window.navigator.onLine === false) return;
    const batches = batchesOf(this.#waiting);
    this.#waiting = [];
    this.#keep([]);
    for (const { body, events } of batches) if (!this.#beacon(body)) void this.#post(body, events);
  }

  /** The page goes, perhaps for ever. */
  leave(): void {
    this.flush();
    this.#keep(this.#waiting);
  }

  end(): void {
    this.leave();
    this.#isOver = true;
    this.#window.removeEventListener("online", this.#flushSafely);
  }

  readonly #flushSafely = (): void => safely("events were lost", () => this.flush());

  /** As text, not as JSON: a base of another origin would be asked first, and a page that goes has no time for that. */
  #beacon(body: string): boolean {
    try {
      return this.#window.navigator.sendBeacon(this.#url, body);
    } catch {
      return false;
    }
  }

  async #post(body: string, events: TagEvent[]): Promise<void> {
    try {
      const { status } = await this.#window.fetch(this.#url, { __proto__: null, method: "POST", body, keepalive: true } as RequestInit);
      if (status < 500) return;
    } catch {
      // Goes with the next batch.
    }
    this.#put([...events, ...this.#waiting]);
    // After the end the next page sends it, if it may be kept.
    if (this.#isOver) this.#keep(this.#waiting);
    else this.#timer ??= setTimeout(this.#flushSafely, WAIT_MS);
  }

  #keep(events: TagEvent[]): void {
    if (events.length > 0 || this.#isStored) this.#store.write("events", events);
    this.#isStored = events.length > 0;
  }

  #put(events: TagEvent[]): void {
    this.#waiting = events.slice(-WAITING_MAX);
  }
}

function isEvent(value: unknown): value is TagEvent {
  if (typeof value !== "object" || value === null) return false;
  const { id, type } = value as Record<string, unknown>;
  return typeof id === "string" && typeof type === "string";
}
