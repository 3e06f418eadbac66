// Applies a decision to a document. Every slot stands for itself: what fails leaves its elements exactly as authored and
// the rest of the page personalised. Nothing is ever hidden.

import type { Ad, AppliedChange, Decision, SlotChange } from "../src/types.ts";
import { buildAd } from "./ad.ts";
import { setAttribute } from "./attribute.ts";
import { buildHtml } from "./html.ts";
import type { Applied } from "./message.ts";

/** Elements in which text, a `src` or a child could execute or load a document. */
const REFUSED = "script, style, iframe, frame, object, embed, link, base, meta, template, noscript, html, head, body, svg, svg *, math, math *";

/** Elements changed per slot, at most: a selector that matches the whole page is a mistake. */
const ELEMENTS_MAX = 64;

/** One entry per slot and ad of the decision, in its order. Never throws. */
export function applyDecision(document: Document, decision: Decision): Applied[] {
  return [
    ...decision.slots.map((slot) => attempt(slot.slot, () => applySlot(document, slot))),
    ...decision.ads.map((ad) => attempt(ad.placement, () => applyAd(document, ad))),
  ];
}

function attempt(about: string, apply: () => number): Applied {
  try {
    return { about, elements: apply(), problem: null };
  } catch (error) {
    return { about, elements: 0, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Changes every element that the selector matches, or none. Returns their number. */
function applySlot(document: Document, slot: SlotChange): number {
  const elements = find(document, slot.selector);
  if (elements.length > ELEMENTS_MAX) throw new Error(`${elements.length} elements match; expected at most ${ELEMENTS_MAX}`);
  const undo: (() => void)[] = [];
  try {
    for (const element of elements) {
      undo.push(remember(element));
      for (const change of slot.changes) applyChange(document, element, change);
    }
    elements.forEach((element, index) => restoreBrokenImage(element, slot.changes, undo[index]));
  } catch (error) {
    for (const restore of undo.reverse()) restore();
    throw error;
  }
  return elements.length;
}

/** Only the first element gets the ad: the same creative twice on one page would be two impressions of one decision. */
function applyAd(document: Document, ad: Ad): number {
  const [place] = find(document, ad.selector);
  if (place === undefined) return 0;
  const restore = remember(place);
  place.replaceChildren(buildAd(document, ad, restore));
  return 1;
}

function applyChange(document: Document, element: Element, change: AppliedChange): void {
  switch (change.kind) {
    case "text":
      element.textContent = change.value;
      return;
    case "html":
      element.replaceChildren(buildHtml(document, change.value));
      return;
    case "attribute":
      setAttribute(element, change.name, change.value);
      return;
    default:
      throw new Error("a change of an unknown kind");
  }
}

function find(document: Document, selector: string): Element[] {
  const elements = [...document.querySelectorAll(selector)];
  const refused = elements.find((element) => element.matches(REFUSED));
  if (refused !== undefined) throw new Error(`the selector matches <${refused.localName}>`);
  return elements;
}

/** A picture that cannot be loaded must not cost the page the one its author chose. */
function restoreBrokenImage(element: Element, changes: AppliedChange[], restore: (() => void) | undefined): void {
  if (restore === undefined || !(element instanceof HTMLImageElement)) return;
  if (!changes.some((change) => change.kind === "attribute" && (change.name === "src" || change.name === "srcset"))) return;
  element.addEventListener("error", restore, { once: true });
}

/**
 * A function that puts the element back: the authored nodes themselves, so that listeners on them survive, and of the
 * attributes only what differs, because a policy may forbid to set `style` or `onclick` even to what they are.
 */
function remember(element: Element): () => void {
  const nodes = [...element.childNodes];
  const attributes = new Map([...element.attributes].map(({ name, value }) => [name, value]));
  return () => {
    element.replaceChildren(...nodes);
    for (const { name } of [...element.attributes]) if (!attributes.has(name)) element.removeAttribute(name);
    for (const [name, value] of attributes) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
}
