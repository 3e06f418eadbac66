// How other people's software on the page is told. Each adapter is off until the site names it.

import type { Fields, TagEvent } from "../events.ts";

export interface Adapter {
  /** What has happened; `fields` are those of the event's type. */
  event?(window: Window, type: TagEvent["type"], fields: Fields): void;
  /** What ads may be chosen by; every key is always there, `null` takes its value back. */
  target?(window: Window, targeting: Targeting): void;
}

export type Targeting = Readonly<Record<TargetingKey, string | readonly string[] | null>>;
export type TargetingKey = "np_experience" | "np_account" | "np_tier" | "np_stage" | "np_segment";
