// What the visitor has agreed to, put together from all who say something about it. Pure: nothing here listens to anybody, see
// `consent-sources.ts`.
//
// Global Privacy Control beats everybody. What the site's own code says beats the consent platforms, because it knows what it
// asked. Of several platforms the strictest counts. Where nobody says anything, nothing is allowed and nobody is waited for.

import type { Consent } from "./api.ts";

export type Purpose = keyof Consent;
/** `null`: not said yet. */
export type Answers = Record<Purpose, boolean | null>;

export const PURPOSES = ["storage", "ads", "measurement"] as const;

/** All that is known; `null` for a platform that the page has not. */
export interface Statements {
  gpc: boolean;
  site: Partial<Consent>;
  tcf: Answers | null;
  google: GoogleState | null;
}

export function answersOf({ gpc, site, tcf, google }: Statements): Answers {
  const platforms = [tcf, google === null ? null : googleAnswers(google)].filter((answers) => answers !== null);
  return forEach((purpose) => {
    if (gpc) return false;
    const said = site[purpose];
    if (said !== undefined) return said;
    const answers = platforms.map((platform) => platform[purpose]);
    if (answers.length === 0 || answers.includes(false)) return false;
    return answers.includes(null) ? null : true;
  });
}

/** What is not known is refused. */
export function consentOf(answers: Answers): Consent {
  return forEach((purpose) => answers[purpose] === true);
}

export function forEach<T>(value: (purpose: Purpose) => T): Record<Purpose, T> {
  return { storage: value("storage"), ads: value("ads"), measurement: value("measurement") };
}

export function isKnown(answers: Answers): boolean {
  return PURPOSES.every((purpose) => answers[purpose] !== null);
}

/** The purposes of IAB's framework that must all be consented to; a legitimate interest is no consent. */
const TCF_PURPOSES: Record<Purpose, readonly number[]> = { storage: [1], ads: [3, 4], measurement: [7, 8] };

/** What a listener of `__tcfapi` is told, as far as it is read. */
export interface TcData {
  eventStatus?: unknown;
  cmpStatus?: unknown;
  gdprApplies?: unknown;
  listenerId?: unknown;
  purpose?: { consents?: Record<number, unknown> };
}

/** `before` holds while the visitor is being asked again. */
export function readTcf(before: Answers, data: TcData | null | undefined, success: unknown): Answers {
  if (success !== true || typeof data !== "object" || data === null || data.cmpStatus === "error") return forEach(() => false);
  if (data.gdprApplies === false) return forEach(() => true);
  if (data.eventStatus !== "tcloaded" && data.eventStatus !== "useractioncomplete") return before;
  const consents = data.purpose?.consents;
  return forEach((purpose) => TCF_PURPOSES[purpose].every((number) => consents?.[number] === true));
}

/** The fields of Google's consent mode that must all be granted. */
const GOOGLE_FIELDS: Record<Purpose, readonly string[]> = {
  storage: ["analytics_storage"],
  ads: ["ad_user_data", "ad_personalization"],
  measurement: ["analytics_storage"],
};

export interface GoogleState {
  fields: ReadonlyMap<string, boolean>;
  /** A default asked to wait for the visitor's own word. */
  isWaiting: boolean;
}

/** The state after one entry of `dataLayer`; most are about something else and leave it as it is. */
export function readGoogle(before: GoogleState | null, entry: unknown): GoogleState | null {
  // The entries that count are `arguments` objects, which are no arrays.
  const { 0: command, 1: kind, 2: given } = (typeof entry === "object" && entry !== null ? entry : {}) as Record<number, unknown>;
  if (command !== "consent" || (kind !== "default" && kind !== "update") || typeof given !== "object" || given === null) return before;
  const options = given as Record<string, unknown>;
  const fields = new Map(before?.fields);
  for (const name of Object.values(GOOGLE_FIELDS).flat()) {
    const value = options[name];
    if (value !== "granted" && value !== "denied") continue;
    // We do not know the visitor's region, so of several defaults the strictest counts, and one for some regions grants nothing.
    const isGranted = value === "granted" && (kind === "update" || (fields.get(name) !== false && options["region"] === undefined));
    if (kind === "update" || value === "denied" || isGranted) fields.set(name, isGranted);
  }
  const isWaiting = kind === "default" && (before?.isWaiting === true || Number(options["wait_for_update"]) > 0);
  return { fields, isWaiting };
}

function googleAnswers({ fields, isWaiting }: GoogleState): Answers {
  return forEach((purpose) => {
    if (GOOGLE_FIELDS[purpose].every((name) => fields.get(name) === true)) return true;
    return isWaiting ? null : false;
  });
}
