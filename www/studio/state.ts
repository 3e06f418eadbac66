// What the marketer has chosen. It lives in the studio's own query, so that a link can be shared and "back" works.

export const DEVICES = ["desktop", "tablet", "phone"] as const;
export const VIEWS = ["personalised", "default"] as const;

/** Everything is text as typed; "" means not given. */
export interface StudioState {
  account: string;
  ip: string;
  role: string;
  visits: string;
  referrer: string;
  language: string;
  /** Further query of the page, as `utm_source=x`. */
  query: string;
  /** `2026-11-21T10:00`, UTC. */
  now: string;
  visitor: string;
  timeZone: string;
  daysAway: string;
  /** What the page tells on its own, as `plan=pro&seats=3`. */
  custom: string;
  cookies: string;
  page: string;
  device: (typeof DEVICES)[number];
  view: (typeof VIEWS)[number];
}

export const START: Readonly<StudioState> = {
  account: "",
  ip: "",
  role: "",
  visits: "1",
  referrer: "",
  language: "",
  query: "",
  now: "",
  visitor: "",
  timeZone: "",
  daysAway: "",
  custom: "",
  cookies: "",
  page: "/",
  device: "desktop",
  view: "personalised",
};

export type Key = keyof StudioState;
const KEYS = Object.keys(START) as Key[];

export function readState(search: string): StudioState {
  const parameters = new URLSearchParams(search);
  const state: Record<Key, string> = { ...START };
  for (const key of KEYS) state[key] = parameters.get(key) ?? START[key];
  if (!(DEVICES as readonly string[]).includes(state.device)) state.device = START.device;
  if (!(VIEWS as readonly string[]).includes(state.view)) state.view = START.view;
  if (!state.page.startsWith("/")) state.page = START.page;
  return state as StudioState;
}

/** The query that `readState` reads back; "" when everything is as at the start. */
export function writeState(state: StudioState): string {
  const parameters = new URLSearchParams();
  for (const key of KEYS) if (state[key] !== START[key]) parameters.set(key, state[key]);
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** The sample page's address with the visitor's facts, as the tag reads them. */
export function frameUrl(state: StudioState): string {
  const [path = "/", pageQuery = ""] = state.page.split("?", 2);
  const parameters = new URLSearchParams(pageQuery);
  for (const [name, value] of new URLSearchParams(state.query)) parameters.append(name, value);
  const facts = ["account", "ip", "role", "visits", "referrer", "language", "visitor", "timeZone", "daysAway", "custom", "cookies"] as const;
  parameters.set("np-device", state.device);
  for (const key of facts) if (state[key].trim() !== "") parameters.set(`np-${key}`, state[key].trim());
  const now = Date.parse(`${state.now}Z`);
  if (!Number.isNaN(now)) parameters.set("np-now", String(Math.floor(now / 1000)));
  if (state.view === "default") parameters.set("np-off", "1");
  const query = parameters.toString();
  return `/site${path}${query === "" ? "" : `?${query}`}`;
}
