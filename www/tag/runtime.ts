// What the loader hands over to: opens the slice, decides, applies, follows the visitor through the page's own navigation, each
// time from the slice and without a request, and tells what became of it as far as the visitor allows.

import type { Decision } from "../src/types.ts";
import type { Consent, Facts, PageFacts, Step } from "./api.ts";
import { Page } from "./apply.ts";
import type { Config } from "./config.ts";
import type { Journal } from "./journal.ts";
import { onNavigation } from "./navigation.ts";
import { painted } from "./painted.ts";
import { Person } from "./person.ts";
import { Redirect } from "./redirect.ts";
import { Report } from "./report.ts";
import { safely } from "./say.ts";
import { Slice } from "./slice.ts";
import { Watch } from "./watch.ts";

/** What this file exports, for the loader, which imports it by address. */
export interface Runtime {
  Session: typeof Session;
}

/** A slice, and what the visitor's token has told: `ROLE.CAMPAIGN`, or nothing. */
export type Sliced = readonly [bytes: ArrayBuffer, told: string];

type Run = <T>(step: Step, work: () => T | Promise<T>) => Promise<T>;

/** Listens for consent from the start, decides once `run`. */
export class Session {
  decision: Decision | null = null;
  /** Ads that show when the visitor agrees. */
  #held: Decision["ads"] = [];
  /** Ads cost a browser more than all slots together: the page is seen first. */
  #isSeen = false;
  readonly #journal: Journal;
  readonly #step: Run;
  readonly #key: string;
  readonly #page = new Page(document, () => this.#shown());
  readonly #person: Person;
  readonly #redirect: Redirect;
  readonly #watch: Watch;
  readonly #report: Report | null;
  #slice: Slice | undefined;
  #end: () => void = () => undefined;

  constructor(config: Config, journal: Journal, step: Run) {
    this.#journal = journal;
    this.#step = step;
    this.#key = config.key;
    this.#person = new Person(window, () => this.#consented());
    this.#redirect = new Redirect(window, this.#person);
    this.#watch = new Watch(this.#page, document, config.wait, () => this.#shown(), (error) => this.#fail(error));
    if (config.consent === "granted") this.#person.say({ storage: true, ads: true, measurement: true });
    this.#report = Report.begin(window, this.#person, config);
  }

  async run(sliced: Promise<Sliced>, core: Promise<object>): Promise<void> {
    const { diagnosis } = this.#journal;
    const slice = await this.#step("open", async () => {
      const [bytes, told] = await sliced;
      this.#person.hear(told);
      return Slice.open(bytes, core, this.#key);
    });
    await this.#step("consent", () => this.#person.known(diagnosis.times.start ?? 0));
    // The page may have been put back meanwhile, or the time may be over.
    if (diagnosis.state !== "loading") throw new Error("too late");
    this.#slice = slice;
    await this.#step("decide", () => this.#decide(slice, true));
    this.#end = onNavigation(window, () => this.#again(true));
    const hasAds = this.decision?.ads.length !== 0;
    if (hasAds) await painted();
    if (diagnosis.state !== "loading" || this.decision === null) throw new Error("too late");
    this.#isSeen = true;
    if (hasAds) this.#show(this.decision, false);
    diagnosis.state = "decided";
  }

  set(facts: Facts): void {
    this.#person.set(facts);
    this.#again();
  }

  consent(consent: Partial<Consent>): void {
    this.#person.say(consent);
  }

  track(name: string, value?: number): void {
    this.#report?.track(name, value);
  }

  facts(): PageFacts {
    return this.#person.facts();
  }

  /** What the page has broken of it leaves the rest. */
  stop(): void {
    const [slice, report] = [this.#slice, this.#report];
    this.#slice = undefined;
    this.decision = null;
    const parts = [this.#end, () => this.#watch.end(), () => this.#page.undo(), () => slice?.discard(), () => report?.end(), () => this.#person.end()];
    for (const part of parts) safely("not all was ended", part);
  }

  #consented(): void {
    this.#report?.consented();
    this.#again();
  }

  /** Never throws. `isNewView`: a page view begins. */
  #again(isNewView = false): void {
    if (this.#slice === undefined) return;
    try {
      this.#decide(this.#slice, isNewView);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Without an answer the page is put back. */
  #fail(error: unknown): void {
    this.#journal.fail("decide", error);
    safely("not all was ended", () => this.stop());
  }

  #decide(slice: Slice, isNewView: boolean): void {
    const { diagnosis } = this.#journal;
    const decision = slice.decide(this.#person.visit(slice.asks));
    const { storage, ads, measurement } = this.#person.consent;
    diagnosis.consent = { storage, ads, measurement };
    this.#held = ads ? [] : decision.ads;
    this.decision = ads ? decision : { ...decision, ads: [] };
    diagnosis.decisions += 1;
    // Later would take the page from under whoever reads it.
    if (isNewView) this.#redirect.follow(() => this.decision);
    this.#show(this.decision, isNewView);
    this.#journal.done("apply");
  }

  #show(decision: Decision, isNewView: boolean): void {
    this.#page.take(this.#isSeen ? decision : { ...decision, ads: [] }, isNewView);
    this.#watch.begin();
  }

  #shown(): void {
    const { problem } = this.#redirect;
    const shown = this.#page.applied().map((applied) => (applied.about === "redirect" ? { ...applied, problem } : applied));
    const held = this.#held.map(({ placement }) => ({ about: placement, elements: 0, problem: "waits for consent to ads" }));
    this.#journal.diagnosis.applied = [...shown, ...held];
    if (this.decision !== null) this.#report?.shown(this.decision, this.#page.places);
  }
}
