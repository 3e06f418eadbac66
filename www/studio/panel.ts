// The decision, told to a marketer: who, what every slot and placement shows and why, what is counted.

import { buildHtml } from "../tag/html.ts";
import type { PageMessage } from "../tag/message.ts";
import type { Ad, Candidate, AppliedChange, Decision, Exposure, SiteIndex, SlotChange } from "../src/types.ts";
import { candidateList } from "./candidates.ts";
import { element, prose, sentence } from "./dom.ts";
import type { Marks } from "./marks.ts";
import { accountCard } from "./who.ts";

/** One row of the panel: a slot or a placement. */
interface Row {
  name: string;
  selector: string;
  about: string | null;
  kind: "slot" | "placement";
}

export function renderPanel(panel: HTMLElement, message: PageMessage, site: SiteIndex | null, marks: Marks): void {
  const problem = message.problem ?? null;
  if (message.nameplate === null) return renderProblem(panel, problem ?? "The page gave no decision.");
  const { decision, candidates } = message.nameplate;
  const rows = listRows(decision, site);
  const redirects = (name: string): boolean => decision.slots.some(({ slot, changes }) => slot === name && changes.some(({ kind }) => kind === "redirect"));
  const [here, elsewhere] = partition(rows, ({ name, selector }) => marks.count(selector) > 0 || redirects(name));
  const card = (row: Row): HTMLElement => rowCard(row, decision, candidates, message, marks);
  const slots = here.filter(({ kind }) => kind === "slot");
  const placements = here.filter(({ kind }) => kind === "placement");

  panel.replaceChildren(
    accountCard(decision, site),
    element("section", {}, heading("Slots", summary(slots, decision, message.off)), ...slots.map(card), slots.length === 0 && empty("This page has no slot.")),
    element("section", {}, heading("Ads", ""), ...placements.map(card), placements.length === 0 && empty("This page has no placement.")),
    exposureTable(decision.exposures),
    ...(elsewhere.length === 0 ? [] : [elsewhereList(elsewhere.map(card))]),
  );
}

/** What other pages have: at hand, but out of the way. */
function elsewhereList(cards: HTMLElement[]): HTMLElement {
  const noun = cards.length === 1 ? "slot or placement" : "slots and placements";
  return element("details", { class: "elsewhere", "data-testid": "elsewhere" }, element("summary", {}, `Not on this page: ${cards.length} ${noun}`), ...cards);
}

export function renderProblem(panel: HTMLElement, text: string, title = "The page stays on Default"): void {
  panel.replaceChildren(
    element(
      "section",
      { class: "card problem", role: "alert", "data-testid": "page-problem" },
      element("h2", { class: "eyebrow" }, title),
      element("p", {}, prose(sentence(text))),
    ),
  );
}

/** All that the site has, in its order; what only the decision knows (an old list) comes last. */
function listRows(decision: Decision, site: SiteIndex | null): Row[] {
  const rows: Row[] = [
    ...(site?.slots ?? []).map(({ name, selector, about }): Row => ({ name, selector, about: about ?? null, kind: "slot" })),
    ...(site?.placements ?? []).map(({ name, selector, sizes }): Row => ({ name, selector, about: sizes.join(", "), kind: "placement" })),
  ];
  const names = new Set(rows.map(({ name }) => name));
  for (const { slot, selector } of decision.slots) if (!names.has(slot)) rows.push({ name: slot, selector, about: null, kind: "slot" });
  for (const { placement, selector } of decision.ads) if (!names.has(placement)) rows.push({ name: placement, selector, about: null, kind: "placement" });
  return rows;
}

function rowCard(row: Row, decision: Decision, candidates: Candidate[], message: PageMessage, marks: Marks): HTMLElement {
  const slot = row.kind === "slot" ? decision.slots.find(({ slot }) => slot === row.name) : undefined;
  const ad = row.kind === "placement" ? decision.ads.find(({ placement }) => placement === row.name) : undefined;
  const changed = slot !== undefined || ad !== undefined;
  const reasons = decision.reasons.filter(({ about }) => about === row.name || about === "*");
  const applied = message.applied.find(({ about }) => about === row.name);
  const mark = { selector: row.selector, label: row.name };

  const jump = element("button", { type: "button", class: "row-name", "aria-label": `Show ${row.name} on the page`, "data-testid": `show-${row.name}` }, row.name);
  jump.addEventListener("click", () => marks.scrollTo(row.selector));
  const made = element(
    "article",
    { class: changed ? "card row changed" : "card row", "data-testid": `${row.kind}-${row.name}` },
    element(
      "header",
      {},
      jump,
      element("span", { class: changed ? "chip chosen" : "chip default" }, !changed ? "Default" : row.kind === "slot" ? "Personalised" : "Shown"),
    ),
    row.about !== null && row.about !== "" && element("p", { class: "about" }, row.about),
    slot !== undefined && slotContent(slot),
    ad !== undefined && adContent(ad),
    ...reasons.map(({ text }) => element("p", { class: "why" }, prose(sentence(text)))),
    applied?.problem != null && element("p", { class: "fault" }, prose(`Left as authored: ${applied.problem}`)),
    applied !== undefined && applied.elements > 1 && element("p", { class: "why" }, `Changes ${applied.elements} elements of this page.`),
    candidateList(row.name, candidates, changed),
  );
  const enter = (): void => marks.setHovered(mark);
  const leave = (): void => marks.setHovered(null);
  made.addEventListener("pointerenter", enter);
  made.addEventListener("pointerleave", leave);
  made.addEventListener("focusin", enter);
  made.addEventListener("focusout", leave);
  return made;
}

function slotContent({ experience, variant, changes }: SlotChange): HTMLElement {
  return element(
    "div",
    { class: "content" },
    origin(["Experience", experience], ["Variant", variant]),
    element("dl", { class: "changes" }, ...changes.flatMap(changeRow)),
  );
}

function changeRow(change: AppliedChange): HTMLElement[] {
  if (change.kind === "text") return [element("dt", {}, "Text"), element("dd", { class: "value" }, change.value)];
  if (change.kind === "html") return [element("dt", {}, "HTML"), element("dd", { class: "value rich" }, rich(change.value))];
  if (change.kind === "before" || change.kind === "after") return [element("dt", {}, change.kind === "before" ? "Before it" : "Behind it"), element("dd", { class: "value rich" }, rich(change.value))];
  if (change.kind === "class") return [element("dt", {}, change.value ? "Class added" : "Class removed"), element("dd", { class: "value attribute" }, change.name)];
  if (change.kind === "visible") return [element("dt", {}, "Visible"), element("dd", { class: "value" }, change.value ? "shown" : "hidden")];
  if (change.kind === "redirect") return [element("dt", {}, "Redirect"), element("dd", { class: "value attribute" }, change.value), element("dd", {}, "Visitors go there; the preview stays here.")];
  return [element("dt", {}, change.name), element("dd", { class: "value attribute" }, change.value)];
}

/** The fragment as it reads, without its pictures and links; as source when it cannot be read. */
function rich(html: string): Node {
  try {
    const fragment = buildHtml(document, html);
    for (const image of fragment.querySelectorAll("img, picture")) image.remove();
    for (const link of fragment.querySelectorAll("a")) link.removeAttribute("href");
    return fragment;
  } catch {
    return document.createTextNode(html);
  }
}

function adContent(ad: Ad): HTMLElement {
  const words = [["Headline", ad.headline], ["Body", ad.body], ["Button", ad.cta], ["Image", ad.image], ["HTML", ad.html], ["Alternative text", ad.alt], ["Link", ad.link]] as const;
  return element(
    "div",
    { class: "content" },
    origin(["Line item", ad.lineItem], ["Creative", ad.creative], ["Size", `${ad.width} × ${ad.height}`]),
    element(
      "dl",
      { class: "changes" },
      ...words.flatMap(([name, value]) => (value == null || value === "" ? [] : [element("dt", {}, name), element("dd", { class: ["Image", "HTML", "Link"].includes(name) ? "value attribute" : "value" }, value)])),
    ),
  );
}

function origin(...parts: [string, string][]): HTMLElement {
  return element("p", { class: "origin" }, ...parts.map(([name, value]) => element("span", {}, element("span", { class: "origin-name" }, `${name} `), element("b", {}, value))));
}

function exposureTable(exposures: Exposure[]): HTMLElement {
  const body = exposures.map(({ experience, variant, unit, bucket }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, experience === "*" ? "The whole site" : experience),
      element("td", {}, variant === null ? element("span", { class: "chip held-out" }, "Held out") : variant),
      element("td", {}, unit),
      element("td", { class: "number" }, bucket === null ? "not drawn" : String(bucket)),
    ),
  );
  const head = ["Experience", "Variant", "Drawn by", "Bucket"].map((name) => element("th", { scope: "col" }, name));
  return element(
    "section",
    { "data-testid": "exposures" },
    heading("Exposures", exposures.length === 0 ? "" : "what a report would count"),
    exposures.length === 0
      ? empty("Nothing to count for this visit.")
      : element("div", { class: "card table" }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body))),
  );
}

function summary(slots: Row[], decision: Decision, off: boolean): string {
  if (off) return "the page shows Default, as you asked";
  const changed = slots.filter(({ name }) => decision.slots.some(({ slot }) => slot === name)).length;
  return slots.length === 0 ? "" : `${changed} of ${slots.length} personalised`;
}

function heading(text: string, note: string): HTMLElement {
  return element("h2", {}, text, note !== "" && element("span", { class: "note" }, note));
}

function empty(text: string): HTMLElement {
  return element("p", { class: "empty" }, text);
}

function partition<T>(items: T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}
