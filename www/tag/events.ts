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
/** How long an event waits for others, milliseconds; and the longest while until what was lost goes again. */
const WAIT_MS = 5_000;
const WAIT_MS_MAX = 300_000;

interface Batch {
  body: string;
  events: TagEvent[];
}

/** Bodies that each are small enough, and what is in them. */
export function batchesOf(events: readonly TagEvent[]): Batch[] {
  const batches: Batch[] = [];
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
  #wait = WAIT_MS;
  #isRestored = false;
  /** Ids of what this page has stored. */
  #kept: ReadonlySet<string> = new Set();
  #isOver = false;

  constructor(window: Window & typeof globalThis, url: string, store: Store) {
    this.#window = window;
    this.#url = url;
    this.#store = store;
    window.addEventListener("online", this.#flushSafely);
  }

  add(event: TagEvent): void {
    this.#put([...this.#waiting, event]);
    this.#later();
  }

  /** What an earlier page could not send; once. */
  restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    const others = this.#others();
    if (others.length === 0) return;
    this.#store.write("events", []);
    for (const event of others) this.add(event);
  }

  /** What waits becomes what `revised` makes of it; `null` is forgotten. */
  revise(revised: (event: TagEvent) => TagEvent | null): void {
    this.#waiting = this.#waiting.flatMap((event) => revised(event) ?? []);
  }

  /** Sends what waits and sees to it that it arrives: one batch at a time, because browsers let no more be on the way. */
  flush(): void {
    const [batch, ...rest] = this.#take();
    this.#put([...rest.flatMap(({ events }) => events), ...this.#waiting]);
    if (batch !== undefined) void this.#post(batch);
  }

  /** The page goes, perhaps for ever: a beacon outlives it, but tells nobody what became of it. */
  leave(): void {
    for (const batch of this.#take()) if (!this.#beacon(batch.body)) void this.#post(batch);
    this.#keep(this.#waiting);
  }

  end(): void {
    this.leave();
    this.#isOver = true;
    this.#window.removeEventListener("online", this.#flushSafely);
  }

  readonly #flushSafely = (): void => safely("events were lost", () => this.flush());

  /** Sets off in time. */
  #later(): void {
    this.#timer ??= setTimeout(this.#flushSafely, this.#wait);
  }

  /** What waits, to be sent. Without a network it waits on. */
  #take(): Batch[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#window.navigator.onLine === false) return [];
    const batches = batchesOf(this.#waiting);
    this.#waiting = [];
    this.#keep([]);
    return batches;
  }

  /** As text, not as JSON: a base of another origin would be asked first, and a page that goes has no time for that. */
  #beacon(body: string): boolean {
    try {
      return this.#window.navigator.sendBeacon(this.#url, body);
    } catch {
      return false;
    }
  }

  async #post({ body, events }: Batch): Promise<void> {
    try {
      // As a beacon is sent: of another origin's answer nothing is known but that there was one.
      const init = { __proto__: null, method: "POST", body, keepalive: true, mode: "no-cors" } as RequestInit;
      const { status } = await this.#window.fetch(this.#url, init);
      if (status < 500) {
        this.#wait = WAIT_MS;
        if (this.#waiting.length > 0) this.#later();
        return;
      }
    } catch {
      // Goes with the next batch.
    }
    this.#put([...events, ...this.#waiting]);
    this.#wait = Math.min(this.#wait * 2, WAIT_MS_MAX);
    // After the end the next page sends it, if it may be kept.
    if (this.#isOver) this.#keep(this.#waiting);
    else this.#later();
  }

  /** What other pages have stored in the same place stays there. */
  #keep(events: TagEvent[]): void {
    if (events.length === 0 && this.#kept.size === 0) return;
    this.#store.write("events", [...this.#others(), ...events].slice(-WAITING_MAX));
    this.#kept = new Set(events.map(({ id }) => id));
  }

  #others(): TagEvent[] {
    const stored = this.#store.read("events");
    return Array.isArray(stored) ? stored.filter((event): event is TagEvent => isEvent(event) && !this.#kept.has(event.id)) : [];
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
