// Experiences, as account-based marketing has them: most for one account or a few, many for a narrow kind of account, some
// for a segment, few for everybody. The mix is the same at every size; what grows with a site is how finely it targets.
//
//   58 %  one to three accounts by id             priority 700-800
//   30 %  two or three of industry, tier, stage, technology, employees   500-600
//   10 %  a segment                               400-500
//    2 %  no account at all: campaign, language, number of visits        100-200
//
// Three of four also ask about the visit: path, number of visits, role, language, campaign. One of six is an OR. An
// experience fills one slot, so that "a rule" means the same to an engine whose flags are slots.

import { random } from "./random.mjs";
import { INDUSTRIES, STAGES, TECHNOLOGIES } from "./accounts.mjs";

export const PATHS = ["/", "/pricing", "/customers", "/products", "/products/sites", "/products/estate", "/industries",
  "/industries/energy", "/industries/banking", "/industries/retail", "/docs", "/docs/start", "/blog", "/blog/peaks", "/about",
  "/careers", "/contact", "/events", "/partners", "/security"];
export const ROLES = ["champion", "decision-maker", "influencer", "user", "approver", "gatekeeper"];
export const LANGUAGES = ["en", "de", "fr", "es", "it", "ja", "pt-BR", "nl"];
export const CAMPAIGNS = Array.from({ length: 30 }, (_, at) => `campaign-${at + 1}`);
export const SOURCES = ["newsletter", "search", "social", "partner", "event"];
export const SLOTS = ["announcement", "hero-kicker", "hero-title", "hero-body", "hero-cta", "hero-image", "proof", "next-step"];

const eq = (field, value) => ({ op: "eq", field, value });
const cmp = (field, sign, value) => ({ op: "cmp", field, sign, value });
const any = (field, values) => ({ op: "in", field, values });

/** Segments are sets of accounts: they read nothing else. */
export const SEGMENTS = Object.fromEntries([
  ...INDUSTRIES.slice(0, 10).map((industry) => [`in-${industry.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`, eq("account.industry", industry)]),
  ["strategic", { op: "and", of: [eq("account.tier", 1), cmp("account.lifetime_value", ">=", 1_000_000)] }],
  ["global", { op: "or", of: [cmp("account.employees", ">=", 20_000), cmp("account.revenue", ">=", 5_000_000_000)] }],
  ["small", cmp("account.employees", "<", 200)],
  ["in-market", cmp("account.intent", ">=", 80)],
  ["existing", any("account.stage", ["customer", "expansion", "at-risk"])],
  ["early", any("account.stage", ["target", "awareness"])],
  ["central-europe", any("account.country", ["Germany", "Switzerland", "Poland"])],
  ["north-america", any("account.country", ["Canada", "United States"])],
  ["lake-users", { op: "includes", field: "account.technologies", value: TECHNOLOGIES[0] }],
  ["strong-banks", { op: "and", of: [eq("account.industry", "Banking"), cmp("account.tier", "<=", 2)] }],
]);

/** `count` rules in the order of their names: `{ name, slot, priority, kind, when }`. */
export function rules(count, accounts) {
  const dice = random("rules", count, accounts.length);
  const ids = accounts.map(({ id }) => id);
  return Array.from({ length: count }, (_, at) => {
    const kind = dice.weighted({ account: 58, kind: 30, segment: 10, everybody: 2 });
    const least = { account: 700, kind: 500, segment: 400, everybody: 100 }[kind];
    return {
      name: `e-${String(at).padStart(6, "0")}`,
      slot: dice.int(0, SLOTS.length - 1),
      priority: least + dice.int(0, 100),
      kind,
      when: both([...who(kind, dice, ids), ...which(kind, dice)]),
    };
  });
}

function who(kind, dice, ids) {
  switch (kind) {
    case "account":
      return [dice.chance(0.7) ? eq("account.id", dice.pick(ids)) : any("account.id", dice.sample([dice.pick(ids), dice.pick(ids), dice.pick(ids)], 3))];
    case "kind":
      return dice.sample(KINDS, dice.int(2, 3)).map((atom) => atom(dice));
    case "segment":
      return [{ op: "segment", name: dice.pick(Object.keys(SEGMENTS)) }];
    default:
      return [];
  }
}

const KINDS = [
  (dice) => eq("account.industry", dice.pick(INDUSTRIES)),
  (dice) => (dice.chance(0.5) ? eq("account.tier", dice.int(1, 3)) : cmp("account.tier", "<=", 2)),
  (dice) => (dice.chance(0.5) ? eq("account.stage", dice.pick(Object.keys(STAGES))) : any("account.stage", dice.sample(Object.keys(STAGES), 3))),
  (dice) => ({ op: "includes", field: "account.technologies", value: dice.pick(TECHNOLOGIES) }),
  (dice) => cmp("account.employees", dice.pick([">=", "<", ">", "<="]), dice.pick([100, 500, 1_000, 5_000, 20_000, 50_000])),
];

const VISITS = [
  (dice) => (dice.chance(0.3) ? eq("page.path", dice.pick(PATHS)) : { op: "starts", field: "page.path", value: dice.pick(PATHS.slice(1)) }),
  (dice) => (dice.chance(0.5) ? cmp("visitor.visits", ">=", dice.int(2, 6)) : cmp("visitor.visits", "<=", dice.int(1, 5))),
  (dice) => (dice.chance(0.5) ? eq("visitor.role", dice.pick(ROLES)) : any("visitor.role", dice.sample(ROLES, 2))),
  (dice) => eq("visitor.language", dice.pick(LANGUAGES)),
  (dice) => (dice.chance(0.7) ? eq("page.utm_campaign", dice.pick(CAMPAIGNS)) : eq("page.utm_source", dice.pick(SOURCES))),
];

function which(kind, dice) {
  if (kind !== "everybody" && dice.chance(0.25)) return [];
  // Campaigns are rarer than pages in conditions for accounts; they are what speaks to strangers.
  const weights = kind === "everybody" ? { 1: 20, 3: 30, 4: 50 } : { 0: 45, 1: 25, 2: 15, 3: 10, 4: 5 };
  const atom = () => VISITS[dice.weighted(weights)](dice);
  const first = atom();
  if (dice.chance(1 / 6)) return [{ op: "or", of: [first, atom()] }];
  return dice.chance(0.25) ? [first, atom()] : [first];
}

const both = (parts) => (parts.length === 1 ? parts[0] : { op: "and", of: parts });
