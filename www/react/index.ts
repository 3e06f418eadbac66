// React: what a slot shows, for components that draw it themselves, and a slot that the tag fills.

import { createElement, type ReactElement, type ReactNode, useSyncExternalStore } from "react";
import type { Decision, SlotChange } from "../src/types.ts";

const EVENT = "nameplate:decision";

/** The decision that was announced last; `undefined`: none since this module was loaded. */
let heard: Decision | null | undefined;

function subscribe(changed: () => void): () => void {
  const hear = (event: Event): void => {
    heard = (event as CustomEvent<Decision | null>).detail;
    changed();
  };
  document.addEventListener(EVENT, hear);
  return () => document.removeEventListener(EVENT, hear);
}

function current(): Decision | null {
  if (heard !== undefined) return heard;
  // Before the tag has loaded this is the page's queue, or nothing.
  const { nameplate } = window as { nameplate?: { decision?: () => Decision | null } };
  return nameplate?.decision?.() ?? null;
}

/** What the slot shows, or `null` for Default: on the server, before there is a decision, and where there is nothing for it. */
export function useSlot(name: string): SlotChange | null {
  const decision = useSyncExternalStore(subscribe, current, () => null);
  return decision?.slots.find(({ slot }) => slot === name) ?? null;
}

/**
 * A slot whose Default is its children. The tag fills it.
 *
 * The tag takes out one element that is always there, and React looks after what is inside that: neither misses what the other
 * has changed.
 */
export function Slot({ name, children }: { name: string; children?: ReactNode }): ReactElement {
  return createElement("np-slot", { name }, createElement("span", { style: { display: "contents" } }, children));
}
