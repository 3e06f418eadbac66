// What a page shows, as a part of its address: so Next.js keeps a page for all who see the same. In it are names alone, which a site chooses out of `a-z0-9-`.

import type { Decision } from "../../src/index.ts";

/** Who shows something in a slot. */
export interface Shown {
  experience: string;
  variant: string;
}

/** Part of a path is part of a file's name where Next.js keeps pages. */
const LENGTH_MAX = 200;

/** What is shown in these slots; an empty text where nothing is. Throws for what is too long. */
export function cohortOf({ slots: all }: Pick<Decision, "slots">, slots: readonly string[]): string {
  const shown = all.filter(({ slot }) => slots.includes(slot));
  const cohort = shown.map(({ slot, experience, variant }) => `${slot}.${experience}.${variant}`).join("~");
  if (cohort.length > LENGTH_MAX) throw new Error(`what a page shows is too long for its address: ${cohort.length} characters, at most ${LENGTH_MAX}`);
  return cohort;
}

/** What a page below `app/np/[cohort]/` shows by its parameter: who got which slot. One that is missing is on Default. */
export function shownIn(cohort: string): Partial<Record<string, Shown>> {
  const entries = cohort.split("~").flatMap((part) => {
    const [slot, experience, variant, ...more] = part.split(".");
    return slot && experience && variant && more.length === 0 ? [[slot, { experience, variant }] as const] : [];
  });
  return Object.fromEntries(entries);
}
