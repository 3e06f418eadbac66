// The account card: who the visitor works for, how we know, or why nobody was found.

import type { Decision, Match, SiteIndex } from "../src/types.ts";
import { element, prose, sentence } from "./dom.ts";

const TIERS: Record<number, string> = { 1: "Tier 1 · one-to-one", 2: "Tier 2 · one-to-few", 3: "Tier 3 · one-to-many" };

export function accountCard({ account, match }: Decision, site: SiteIndex | null): HTMLElement {
  const known = site?.accounts.find(({ id }) => id === account?.id);
  const place = [known?.industry, known?.country].filter((fact) => fact != null).join(" · ");
  return element(
    "section",
    { class: account === null ? "card who nobody" : "card who", "data-testid": "who" },
    element("h2", { class: "eyebrow" }, "Who is visiting"),
    element("p", { class: "account-name", "data-testid": "account-name" }, account?.name ?? "Nobody we know"),
    place !== "" && element("p", { class: "account-place" }, place),
    account !== null &&
      element(
        "p",
        { class: "chips" },
        account.tier != null && element("span", { class: `chip tier-${account.tier}` }, TIERS[account.tier] ?? `Tier ${account.tier}`),
        account.stage != null && element("span", { class: "chip stage" }, sentence(account.stage)),
        ...account.segments.map((name) => element("span", { class: "chip segment" }, name)),
      ),
    element("p", { class: "why", "data-testid": "match-reason" }, prose(sentence(match.reason))),
    match.prefix !== null &&
      element(
        "dl",
        { class: "evidence" },
        ...pair("Prefix", match.prefix),
        ...pair("Source", match.source),
        ...pair("Seen", match.ageDays === null ? null : `${match.ageDays} days ago${match.isStale ? ": look for a newer database" : ""}`),
        ...sureness(match),
      ),
  );
}

function sureness({ confidence, grade }: Match): HTMLElement[] {
  if (confidence === null) return [];
  const meter = element("meter", { min: 0, max: 100, low: 50, high: 70, optimum: 100, value: confidence });
  return [element("dt", {}, "Confidence"), element("dd", {}, meter, ` ${confidence} of 100, ${grade}`)];
}

function pair(name: string, value: string | null): HTMLElement[] {
  return value == null ? [] : [element("dt", {}, name), element("dd", {}, value)];
}
