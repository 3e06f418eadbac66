// The preview's facts about the visitor: np-* parameters, removed from the address before the page's own scripts or a
// copied link can see them.

import type { Visit, Visitor } from "../src/types.ts";
import { post } from "./message.ts";

/** Sample pages live below this path; the rest of the path is the page's own. */
const SITE_PATH = "/site";

export interface Parameters {
  /** Leave the page on Default. */
  off: boolean;
  /** The visit as if the page were served by `host`. */
  visit(host: string): Visit;
}

export function takeParameters(window: Window): Parameters {
  const { location, document, history } = window;
  const url = new URL(location.href);
  const taken = new Map<string, string>();
  for (const [name, value] of [...url.searchParams]) {
    if (!name.startsWith("np-")) continue;
    taken.set(name.slice("np-".length), value);
    url.searchParams.delete(name);
  }
  if (taken.size > 0) history.replaceState(history.state, "", url);

  return {
    off: taken.get("off") === "1",
    visit(host) {
      const visit: Visit = { url: `https://${host}${pagePath(url.pathname)}${url.search}` };
      const visitor: Visitor = {};
      setText(visit, "ip", taken.get("ip"));
      setText(visit, "account", taken.get("account"));
      setText(visit, "referrer", taken.get("referrer") ?? foreignReferrer(document.referrer, location.origin));
      setText(visitor, "id", taken.get("visitor"));
      setText(visitor, "role", taken.get("role"));
      setText(visitor, "language", taken.get("language"));
      setText(visitor, "timeZone", taken.get("timeZone"));
      setText(visitor, "device", taken.get("device"));
      const [visits, daysAway] = [readNumber(taken.get("visits")), readNumber(taken.get("daysAway"))];
      if (visits !== null) visitor.visits = visits;
      if (daysAway !== null) visitor.daysAway = daysAway;
      visitor.custom = readCustom(taken.get("custom") ?? "");
      visitor.cookies = Object.fromEntries(new URLSearchParams(taken.get("cookies") ?? ""));
      Object.assign(visitor, { viewportWidth: window.innerWidth, visibility: document.visibilityState });
      visit.now = readNumber(taken.get("now")) ?? Math.floor(Date.now() / 1000);
      visit.visitor = visitor;
      return visit;
    },
  };
}

/**
 * Links to pages of the site, on this server or on one of the site's `hosts`, would leave the preview: the studio opens
 * them instead, as the same visitor.
 */
export function followLinks(window: Window, hosts: string[]): void {
  if (window.parent === window) return;
  const { location, document } = window;
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Not the target: an ad's link lies in a shadow root.
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!(link instanceof HTMLAnchorElement) || link.href === "") return;
    const isHere = link.origin === location.origin && link.target !== "_blank";
    if (!isHere && !hosts.includes(link.hostname)) return;
    if (isHere && link.hash !== "" && link.pathname === location.pathname) return;
    event.preventDefault();
    post(window, { nameplateLink: pagePath(link.pathname) + link.search });
  });
}

function pagePath(pathname: string): string {
  if (pathname === SITE_PATH) return "/";
  return pathname.startsWith(`${SITE_PATH}/`) ? pathname.slice(SITE_PATH.length) : pathname;
}

function foreignReferrer(referrer: string, origin: string): string | undefined {
  return referrer === "" || referrer.startsWith(`${origin}/`) ? undefined : referrer;
}

function setText<K extends string>(into: { [key in K]?: string | null }, key: K, value: string | undefined): void {
  if (value !== undefined && value !== "") into[key] = value;
}

/** `plan=pro&seats=3&trial=true`: what looks like a number or a boolean is one. */
function readCustom(text: string): Record<string, string | number | boolean> {
  const read = (value: string): string | number | boolean => (value === "true" || value === "false" ? value === "true" : (readNumber(value) ?? value));
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, read(value)]));
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
