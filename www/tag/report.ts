// Tells what became of a decision: the site's server, the page's own scripts, and the vendors that the site has named.
//
// Without consent to measurement nothing of what was decided is told to anybody, because what is shown to an account says who it
// is; then only conversions and engagement are, of nobody. Without consent to ads no ad server is told anything.

import type { Ad, Decision, SlotChange } from "../src/types.ts";
import type { Adapter, Targeting } from "./adapters/adapter.ts";
import { adaptersOf } from "./adapters/index.ts";
import { Engagement } from "./engagement.ts";
import { type EventType, type Fields, Queue, type TagEvent } from "./events.ts";
import { Impressions } from "./impressions.ts";
import type { Person } from "./person.ts";
import { safely, say } from "./say.ts";
import { randomHex } from "./visits.ts";

export interface ReportOptions {
  /** Where events go. */
  events: URL;
  /** Who else is told, see `adapters/index.ts`. */
  adapters: string;
  /** Who is told the account's id: nobody, the site's own server (`events`), or the adapters too (`all`). */
  account: string;
}

/** The elements of each slot and ad of a decision, in its order. */
type Places = readonly { readonly elements: Iterable<Element> }[];

const NAME_CHAR_MAX = 64;
const PATH_CHAR_MAX = 512;
/** Less is no reading. */
const ENGAGEMENT_MS_MIN = 1_000;
const ACTIVITY = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"];
/** What a click means something on. */
const CLICKABLE = "a, button, input, select, summary, label, [role=button], [role=link]";

export class Report {
  readonly #window: Window & typeof globalThis;
  readonly #person: Person;
  readonly #options: ReportOptions;
  readonly #adapters: Adapter[];
  readonly #queue: Queue;
  readonly #engagement = new Engagement();
  readonly #impressions: Impressions<Fields>;
  readonly #ends: (() => void)[] = [];
  /** The visitor sees the page: it is not prerendered. */
  #isActive = false;
  /** Of the page view: its id, its path, what was told of it. */
  #view = "";
  #path = "";
  readonly #told = new Set<string>();
  #count = 0;
  #decision: Decision | null = null;
  #places: Places = [];
  #shown: Fields[] = [];
  #targeting = JSON.stringify(NO_TARGETING);

  /** `null` in a page that has broken what this needs: it is shown all the same. */
  static begin(window: Window & typeof globalThis, person: Person, options: ReportOptions): Report | null {
    try {
      return new Report(window, person, options);
    } catch (error) {
      say("no events", error);
      return null;
    }
  }

  private constructor(window: Window & typeof globalThis, person: Person, options: ReportOptions) {
    this.#window = window;
    this.#person = person;
    this.#options = options;
    this.#adapters = adaptersOf(options.adapters);
    this.#queue = new Queue(window, options.events.href, person.store);
    this.#impressions = new Impressions(window.document, (shown) => this.#once("impression", shown));
    this.#listen();
    const { prerendering = false } = window.document as { prerendering?: boolean };
    if (prerendering) this.#on(window.document, "prerenderingchange", () => this.#begin(), { once: true });
    else this.#begin();
  }

  /** This decision is in force, and these are its elements by now. Called as often as there are more of them. Never throws. */
  shown(decision: Decision, places: Places): void {
    this.#safely(() => {
      this.#places = places;
      if (decision !== this.#decision) this.#decided(decision);
      this.#tell();
    });
  }

  /** A goal that the page knows of. Never throws. */
  track(name: string, value?: number): void {
    if (typeof name !== "string" || name === "") return;
    const fields = { name: name.slice(0, NAME_CHAR_MAX), value: Number.isFinite(value) ? (value as number) : null };
    const record = (): void => this.#record("conversion", fields);
    if (this.#isActive) this.#safely(record);
    else this.#on(this.#window.document, "prerenderingchange", record, { once: true });
  }

  /** The visitor allows more, or less: then what waits is not sent any more, or without what is not allowed. */
  consented(): void {
    const { measurement, storage } = this.#person.consent;
    this.#queue.revise((event) => {
      if (!measurement && isOfDecision(event.type)) return null;
      const hidden = [...(measurement && storage ? [] : ["visitor"]), ...(measurement ? [] : ["account"])];
      return Object.fromEntries(Object.entries(event).filter(([name]) => !hidden.includes(name))) as TagEvent;
    });
    if (!measurement) this.#forget();
    this.#safely(() => this.#tell());
  }

  end(): void {
    for (const end of this.#ends) end();
    this.#safely(() => this.#leave());
    this.#impressions.end();
    this.#queue.end();
    this.#safely(() => this.#dispatch("decision", null));
  }

  #decided(decision: Decision): void {
    this.#decision = decision;
    this.#shown = [...decision.slots.map(ofSlot), ...decision.ads.map(ofAd)];
    this.#dispatch("decision", decision);
    if (this.#isActive && pathOf(this.#window) !== this.#path) this.#begin();
  }

  /** A page view begins: the page comes into being, is activated, comes back, or changes its path. */
  #begin(): void {
    this.#engaged();
    this.#isActive = true;
    this.#view = randomHex(8);
    this.#path = pathOf(this.#window);
    this.#forget();
    this.#active();
    this.#tell();
  }

  /** What was told may be told anew, and what was seen is to be seen anew. */
  #forget(): void {
    this.#told.clear();
    this.#impressions.watch(new Map());
  }

  #tell(): void {
    const decision = this.#decision;
    if (!this.#isActive || decision === null) return;
    this.#target();
    if (!this.#person.consent.measurement) return;
    this.#queue.restore();
    for (const { experience, variant, unit, bucket } of decision.exposures) this.#once("exposure", { experience, variant, unit, bucket });
    const elements = new Map<Element, Fields[]>();
    this.#places.forEach((place, at) => {
      const shown = this.#shown[at];
      if (shown === undefined) return;
      for (const element of place.elements) elements.set(element, [...(elements.get(element) ?? []), shown]);
    });
    this.#impressions.watch(elements);
  }

  #target(): void {
    const decision = this.#person.consent.ads ? this.#decision : null;
    const targeting = decision === null ? NO_TARGETING : targetingOf(decision, this.#options.account === "all");
    const text = JSON.stringify(targeting);
    if (text === this.#targeting) return;
    this.#targeting = text;
    this.#adapt((adapter) => adapter.target?.(this.#window, targeting));
  }

  /** Once a page view. */
  #once(type: EventType, fields: Fields): void {
    const key = JSON.stringify([type, fields]);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#record(type, fields);
  }

  #record(type: EventType, fields: Fields): void {
    const { consent, id } = this.#person;
    // Asked here once more, whoever calls: this is the one way out.
    if (isOfDecision(type) && !consent.measurement) return;
    const account = (consent.measurement && this.#decision?.account?.id) || null;
    const forAdapters = account !== null && this.#options.account === "all" ? { ...fields, account } : fields;
    this.#queue.add({
      id: `${this.#view}-${(this.#count += 1)}`,
      type,
      at: Date.now(),
      view: this.#view,
      path: this.#path.slice(0, PATH_CHAR_MAX),
      ...(consent.measurement && id !== null ? { visitor: id } : {}),
      ...(account !== null && this.#options.account !== "none" ? { account } : {}),
      ...fields,
    } as TagEvent);
    this.#dispatch(type, fields);
    if (consent.measurement) this.#adapt((adapter) => adapter.event?.(this.#window, type, forAdapters));
  }

  #dispatch(type: string, detail: Fields | Decision | null): void {
    this.#window.document.dispatchEvent(new CustomEvent(`nameplate:${type}`, { __proto__: null, detail } as CustomEventInit));
  }

  /** To tell somebody is worth nothing that the visitor came for. */
  #safely(work: () => void): void {
    safely("an event was lost", work);
  }

  /** A vendor that fails takes nothing with it. */
  #adapt(tell: (adapter: Adapter) => void): void {
    for (const adapter of this.#adapters) this.#safely(() => tell(adapter));
  }

  #listen(): void {
    const { document } = this.#window;
    const active = (): void => this.#active();
    for (const type of ACTIVITY) this.#on(document, type, active, { capture: true, passive: true });
    const click = (event: Event): void => this.#click(event as MouseEvent);
    for (const type of ["click", "auxclick"]) this.#on(document, type, click, { capture: true, passive: true });
    this.#on(document, "visibilitychange", () => {
      if (document.visibilityState === "visible") this.#active();
      else this.#leave();
    });
    this.#on(this.#window, "pagehide", () => this.#leave());
    this.#on(this.#window, "pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) this.#begin();
    });
  }

  #click(event: MouseEvent): void {
    // The right button opens a menu.
    if (event.button === 2 || !this.#isActive) return;
    const path = event.composedPath();
    if (!path.some((target) => target instanceof Element && target.matches(CLICKABLE))) return;
    for (const shown of this.#impressions.at(path)) this.#record("click", shown);
  }

  #active(): void {
    if (this.#isActive && this.#window.document.visibilityState === "visible") this.#engagement.active(performance.now());
  }

  #engaged(): void {
    const milliseconds = this.#engagement.take(performance.now());
    if (this.#isActive && milliseconds >= ENGAGEMENT_MS_MIN) this.#record("engagement", { milliseconds });
  }

  #leave(): void {
    this.#engagement.pause(performance.now());
    this.#engaged();
    this.#queue.leave();
  }

  #on(target: EventTarget, type: string, heard: (event: Event) => void, options: AddEventListenerOptions = {}): void {
    // Without a prototype, on which the page may have written.
    const own = { __proto__: null, ...options } as AddEventListenerOptions;
    const listener = (event: Event): void => this.#safely(() => heard(event));
    target.addEventListener(type, listener, own);
    this.#ends.push(() => target.removeEventListener(type, listener, own));
  }
}

const NO_TARGETING: Targeting = { np_experience: null, np_account: null, np_tier: null, np_stage: null, np_segment: null };

function targetingOf({ account, slots, ads }: Decision, isNamed: boolean): Targeting {
  const experiences = [...new Set([...slots.map(({ experience }) => experience), ...ads.map(({ lineItem }) => lineItem)])];
  return {
    np_experience: experiences.length === 0 ? null : experiences,
    np_account: isNamed ? (account?.id ?? null) : null,
    np_tier: account?.tier == null ? null : String(account.tier),
    np_stage: account?.stage ?? null,
    np_segment: account === null || account.segments.length === 0 ? null : account.segments,
  };
}

function ofSlot({ slot, experience, variant }: SlotChange): Fields {
  return { slot, experience, variant };
}

function ofAd({ placement, lineItem, creative }: Ad): Fields {
  return { placement, lineItem, creative };
}

/** What is shown to an account says who it is. */
function isOfDecision(type: EventType): boolean {
  return type !== "conversion" && type !== "engagement";
}

/** Not the query: it may hold what people have typed. */
function pathOf({ location }: Window): string {
  return location.pathname;
}
