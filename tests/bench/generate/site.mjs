// Writes a site folder in our source format: what `nameplate build` reads.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { toCel } from "../rules/condition.mjs";
import { prefixText } from "./asn.mjs";
import { random } from "./random.mjs";
import { SEGMENTS, SLOTS } from "./rules.mjs";

const COLUMNS = ["id", "name", "short_name", "domains", "industry", "employees", "revenue", "country", "tier", "stage",
  "lifetime_value", "intent", "technologies", "owner"];
const SUBJECTS = ["Every site", "Your whole estate", "One furnace", "Each cold store", "The night shift", "Every meter", "Peak demand", "A week of alarms"];
const VERBS = ["on one board", "in forty minutes", "before the invoice", "without a new cable", "as it happens", "for people who decide", "the way finance reads it", "from one login"];
const WISHES = ["See the plan", "Book a walk", "Read the story", "Compare plans", "Ask an engineer", "Start with one site"];

export function writeSite(folder, { accounts, networks, rules, hasNetworks = true }) {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ["", "experiences", "ads"]) mkdirSync(join(folder, name), { recursive: true });
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write("nameplate.yaml", settings());
  write("accounts.csv", table([COLUMNS, ...accounts.map((account) => COLUMNS.map((column) => account[column]))]));
  const rows = networks.map((network) => [prefixText(network), accounts[network.account].id, 90, network.source, isWide(network) ? "yes" : ""]);
  write("networks.csv", table([["prefix", "account", "confidence", "source", "wide"], ...(hasNetworks ? rows : [])]));
  for (const rule of rules) write(`experiences/${rule.name}.yaml`, experience(rule));
  for (const { name, text } of lineItems()) write(`ads/${name}.yaml`, text);
}

const isWide = ({ bits, length }) => length < (typeof bits === "bigint" ? 32 : 16);

const table = (rows) => `${rows.map((row) => row.map(cell).join(",")).join("\n")}\n`;

function cell(value) {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value) ? value.join(";") : String(value);
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const quote = JSON.stringify;

function settings() {
  return `site: Bench
hosts: [www.tidewater.example]
salt: bench-2026
accounts:
  file: accounts.csv
  columns:
${COLUMNS.map((column) => `    ${column}: ${column}`).join("\n")}
networks: networks.csv
segments:
${Object.entries(SEGMENTS).map(([name, condition]) => `  ${name}: ${quote(toCel(condition))}`).join("\n")}
slots:
${SLOTS.map((name) => `  ${name}: { selector: "#${name}" }`).join("\n")}
placements:
  leaderboard: { selector: "#ad-leaderboard", sizes: [728x90] }
  sidebar: { selector: "#ad-sidebar", sizes: [300x250], label: Advertisement }
  tower: { selector: "#ad-tower", sizes: [300x600, 300x250] }
`;
}

/** One of seven tests two variants by account; only rules that need an account do, so that strangers are never left out. */
function experience({ name, slot, priority, kind, when }) {
  const dice = random("content", name);
  const isTest = kind !== "everybody" && dice.chance(1 / 7);
  const variant = (label) => `  - name: ${label}\n    slots:\n      ${SLOTS[slot]}: ${content(SLOTS[slot], name, dice)}\n`;
  return `name: ${name}
when: ${quote(toCel(when))}
priority: ${priority}
${isTest ? "test: { unit: account }\n" : ""}variants:
${isTest ? variant("first") + variant("second") : variant("only")}`;
}

function content(slot, name, dice) {
  const line = `${dice.pick(SUBJECTS)} ${dice.pick(VERBS)}, for {{account.short_name | your team}} (${name.slice(2)})`;
  switch (slot) {
    case "hero-body":
    case "proof":
      return `{ html: ${quote(`<p>${line}. <strong>${dice.pick(WISHES)}</strong></p>`)} }`;
    case "hero-cta":
    case "next-step":
      return `{ text: ${quote(`${dice.pick(WISHES)} (${name.slice(2)})`)}, attributes: { href: "/pricing?from={{account.id | none}}", aria-label: ${quote(line)} } }`;
    case "hero-image":
      return `{ image: { src: /images/board-${dice.int(1, 40)}.svg, alt: ${quote(line)} } }`;
    default:
      return `{ text: ${quote(line)} }`;
  }
}

/** Twelve line items at every size: ads are decided with every visit, and no peer is asked for them. */
function lineItems() {
  const whens = ["true", "account.known", 'in_segment("existing")', 'in_segment("in-market") && visitor.visits >= 2',
    'account.tier == 1', 'page.path.startsWith("/pricing") && account.known'];
  const sizes = { leaderboard: "728x90", sidebar: "300x250", tower: "300x600" };
  return Array.from({ length: 12 }, (_, at) => {
    const placement = Object.keys(sizes)[at % 3];
    const name = `l-${String(at).padStart(2, "0")}`;
    return {
      name,
      text: `name: ${name}
when: ${quote(whens[at % whens.length])}
placements: [${placement}]
priority: ${100 + (at % whens.length) * 100}
creatives:
  - name: words
    size: ${sizes[placement]}
    link: https://www.tidewater.example/plants
    alt: "One board for {{account.short_name | your team}}"
    headline: "{{account.short_name | Your team}} on one board"
    cta: "See how"
`,
    };
  });
}
