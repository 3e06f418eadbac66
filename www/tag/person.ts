// Who looks at the page, as far as they allow it: consent, visits, and what the page tells of them.

import type { Asked } from "../src/engine.ts";
import { readTold } from "../src/token.ts";
import type { Visit } from "../src/types.ts";
import type { Consent, Facts, PageFacts } from "./api.ts";
import { ConsentSources, WAIT_MS } from "./consent-sources.ts";
import { merge, readFacts, readVisit } from "./facts.ts";
import { Store } from "./storage.ts";
import { Counter, type Visits } from "./visits.ts";

export class Person {
  readonly store: Store;
  readonly #window: Window;
  readonly #sources: ConsentSources;
  readonly #counter: Counter;
  readonly #given = { __proto__: null } as Facts;
  /** By a token of his. */
  #role: string | null = null;
  #campaign: string | null = null;

  /** `changed` is called when the visitor has allowed more, or less. */
  constructor(window: Window, changed: () => void) {
    this.#window = window;
    this.store = new Store(window, () => this.consent.storage);
    this.#counter = new Counter(this.store);
    this.#sources = new ConsentSources(window, () => {
      if (!this.consent.storage) this.#forget();
      changed();
    });
  }

  get consent(): Consent {
    return this.#sources.consent;
  }

  /** When it is known what is allowed; `since`: when the tag began, as `performance.now()` gives it. */
  known(since: number): Promise<void> {
    return this.#sources.settled(since + WAIT_MS - performance.now());
  }

  say(consent: Partial<Consent>): void {
    this.#sources.say(consent);
  }

  set(told: Facts): void {
    merge(this.#given, told);
  }

  /** Takes what his token has told; what the page says of him counts first. */
  hear(told: string): void {
    const { role, campaign } = readTold(told);
    this.#role = role;
    this.#campaign = campaign;
  }

  /** A pseudonym that stays the same from visit to visit; the site's own beats ours. Only with consent, whoever gives it. */
  get id(): string | null {
    return this.consent.storage ? (this.#given.id ?? this.#visits()?.id ?? null) : null;
  }

  /** Which visit this is, as this browser counts; `null` where it may not. */
  get visits(): number | null {
    return this.#visits()?.visits ?? null;
  }

  facts(): PageFacts {
    return readFacts(this.#window, this.#known(), this.#visits());
  }

  visit(asks: Asked): Visit {
    const { visitor, ...visit } = readVisit(this.#window, this.#known(), this.#visits(), this.id, seconds(), asks, this.consent.storage);
    return { __proto__: null, ...visit, visitor: { __proto__: null, ...visitor, campaign: this.#campaign } } as Visit;
  }

  end(): void {
    this.#sources.end();
  }

  #known(): Facts {
    return { __proto__: null, role: this.#role, ...this.#given } as Facts;
  }

  #visits(): Visits | null {
    const { prerendering = false } = this.#window.document as { prerendering?: boolean };
    return this.consent.storage ? this.#counter.count(seconds(), !prerendering) : null;
  }

  #forget(): void {
    this.store.clear();
    this.#counter.forget();
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
