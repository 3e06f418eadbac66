// What goes into a decision and what comes out. Made from the Rust types by `NAMEPLATE_WRITE=1 cargo test typescript`;
// edit those in src/model, not this file.

/**
 * All facts about one page view, handed in by the caller. Every one may be missing: an empty visit is a stranger's.
 *
 * The runtime ignores keys that it does not know; the command-line tools refuse them, because there they are typing
 * mistakes.
 */
export type Visit = { 
/**
 * The client's address, IPv4 or IPv6, without a port. Used to find the account and for nothing else: it is in no
 * decision and no reason.
 */
ip?: string | null, 
/**
 * A signed account token, from a login or a link (`?np=`): see docs/tokens.md. One that is not good counts as none.
 */
token?: string | null, 
/**
 * The id of an account that the caller knows of (a login, a preview). Beats all but a token.
 */
account?: string | null, 
/**
 * The domain of the visitor's e-mail address, of a form that he filled in: what stands behind the `@`, and nothing else of it.
 */
emailDomain?: string | null, 
/**
 * The account token that a cookie of the site keeps.
 */
cookie?: string | null, 
/**
 * What the caller knows of the visitor's company, for companies that are not in the list. An account of the list beats it.
 */
attributes?: Attributes | null, 
/**
 * The page's full URL, as `location.href` or `Request.url` give it.
 */
url?: string | null, 
/**
 * The full URL of the page before, as `document.referrer` gives it.
 */
referrer?: string | null, 
/**
 * The time, Unix seconds. Without it nothing that has a schedule shows.
 */
now?: number | null, 
/**
 * What is known of the person.
 */
visitor?: Visitor | null, };

/**
 * What is known of the person behind a visit.
 */
export type Visitor = { 
/**
 * A stable pseudonym of the visitor, for tests by visitor; only with consent.
 */
id?: string | null, 
/**
 * How many visits there were, this one included: 1 is the first.
 */
visits?: number | null, 
/**
 * The part in the buying committee, one of `champion`, `decision-maker`, `influencer`, `user`, `approver`,
 * `gatekeeper`.
 */
role?: string | null, 
/**
 * The campaign by which the visitor came, where the URL names none: `page.utm_campaign` reads it.
 */
campaign?: string | null, 
/**
 * The preferred language, a BCP 47 tag such as `de` or `pt-BR`.
 */
language?: string | null, 
/**
 * Whole days since the visit before this one; missing where there was none.
 */
daysAway?: number | null, 
/**
 * How the page is used: `phone`, `tablet` or `desktop`.
 */
device?: string | null, 
/**
 * The time zone of the visitor's clock by its IANA name, `Europe/Berlin`: where he lives, not what time it is.
 */
timeZone?: string | null, 
/**
 * The width of the page's part that is seen, CSS pixels.
 */
viewportWidth?: number | null, 
/**
 * `visible`, or `hidden` while the page is in the background.
 */
visibility?: string | null, 
/**
 * What the page tells on its own, by the names that `nameplate.yaml` declares.
 */
custom?: { [key in string]: CustomValue | null } | null, 
/**
 * Of the visitor's cookies those that `nameplate.yaml` declares, as far as they may be read. They are in no decision and no reason.
 */
cookies?: { [key in string]: string | null } | null, };

/**
 * One of them.
 */
export type CustomValue = boolean | number | string;

/**
 * What the caller knows of the company that a visitor works for: from an address database, a form, a login. Counts only where no
 * account of the list is found. The fields are those of an account, see [`AccountField`]; every one may be missing. Of a list the
 * first 256 items count.
 */
export type Attributes = { 
/**
 * A stable id, by which tests draw; the name stands in for it.
 */
id?: string | null, 
/**
 * The full name, "Siemens AG".
 */
name?: string | null, 
/**
 * What people call it, "Siemens".
 */
shortName?: string | null, 
/**
 * Its web domains.
 */
domains?: Array<string> | null, 
/**
 * Its industry, in the words of the list.
 */
industry?: string | null, 
/**
 * How many people work there.
 */
employees?: number | null, 
/**
 * Revenue a year, US dollars.
 */
revenue?: number | null, 
/**
 * The country of its head office, in the words of the list.
 */
country?: string | null, 
/**
 * 1 one-to-one, 2 one-to-few, 3 one-to-many.
 */
tier?: number | null, 
/**
 * A stage, as in the list.
 */
stage?: string | null, 
/**
 * What it is worth over the whole relation, US dollars.
 */
lifetimeValue?: number | null, 
/**
 * Readiness to buy, 0 to 100.
 */
intent?: number | null, 
/**
 * What it is known to use.
 */
technologies?: Array<string> | null, 
/**
 * Who of us looks after it.
 */
owner?: string | null, 
/**
 * The id of the account that owns it.
 */
parent?: string | null, };

/**
 * What a page shows, to whom, and why. Holds no address.
 */
export type Decision = { 
/**
 * Whom the visitor works for; `null` for a stranger.
 */
account: AccountView | null, 
/**
 * How the account was found, or why none was.
 */
match: Match, 
/**
 * The slots that change, in the site's order. A slot that is not here stays on Default.
 */
slots: Array<SlotChange>, 
/**
 * The placements that show an ad, in the site's order.
 */
ads: Array<Ad>, 
/**
 * What to record for measurement: each experience that acted, or was held out, once.
 */
exposures: Array<Exposure>, 
/**
 * One for every slot and placement.
 */
reasons: Array<Reason>, 
/**
 * Equal for all who see the same in every slot, whichever bundle says so: under it one copy of a page does for them all. `null`
 * where values of the account may be in a slot, and in the tag, which keeps pages for nobody.
 */
cohort: string | null, };

/**
 * What a decision says of the account.
 */
export type AccountView = { 
/**
 * Unique in the site.
 */
id: string, 
/**
 * The full name.
 */
name: string, 
/**
 * What people call it.
 */
shortName: string | null, 
/**
 * 1 one-to-one, 2 one-to-few, 3 one-to-many.
 */
tier: number | null, 
/**
 * Where it is on its way.
 */
stage: string | null, 
/**
 * The names of its segments.
 */
segments: Array<string>, };

/**
 * How the account was found.
 */
export type Match = { 
/**
 * What came of it.
 */
outcome: MatchOutcome, 
/**
 * By what.
 */
kind: MatchKind, 
/**
 * The prefix that holds the address: never the address itself.
 */
prefix: string | null, 
/**
 * Where the prefix is known from.
 */
source: string | null, 
/**
 * How sure it is that the visitor works for the account, 0 to 100; 100 for all but an address. That of a prefix that has not been seen for
 * more than 180 days is a grade lower than the list says.
 */
confidence: number | null, 
/**
 * The same in a word.
 */
grade: Grade | null, 
/**
 * How many days ago the prefix was seen to be the account's; `null` where nobody noted it, or the visit has no time.
 */
ageDays: number | null, 
/**
 * Whether that is more than 45 days ago.
 */
isStale: boolean, 
/**
 * The same in a sentence.
 */
reason: string, };

/**
 * By what an account was found.
 */
export type MatchKind = "address" | "token" | "hint" | "email" | "cookie" | "described" | "none";

/**
 * What came of looking for the account.
 */
export type MatchOutcome = "match" | "shared" | "ambiguous" | "none";

/**
 * How sure it is that people at a prefix work for an account. Each is the least confidence from which it begins, 0 to 100.
 */
export type Grade = "low" | "moderate" | "high" | "very high";

/**
 * A slot that changes.
 */
export type SlotChange = { 
/**
 * The slot's name.
 */
slot: string, 
/**
 * CSS selector of its elements.
 */
selector: string, 
/**
 * The experience that got it.
 */
experience: string, 
/**
 * The variant shown.
 */
variant: string, 
/**
 * What to do, in this order.
 */
changes: Array<AppliedChange>, };

/**
 * One change to the elements of a slot, with the account's values in it.
 */
export type AppliedChange = { "kind": "text", 
/**
 * Plain text.
 */
value: string, } | { "kind": "html", 
/**
 * Cleaned when it was compiled; values in it are escaped.
 */
value: string, } | { "kind": "attribute", 
/**
 * In lower case, one of those the compiler allows.
 */
name: string, 
/**
 * Plain text.
 */
value: string, } | { "kind": "class", 
/**
 * One name.
 */
name: string, 
/**
 * `true` adds, `false` removes.
 */
value: boolean, } | { "kind": "visible", 
/**
 * `true` takes the attribute `hidden` away, `false` hides whatever the page's styles say.
 */
value: boolean, } | { "kind": "before", 
/**
 * As in `html`.
 */
value: string, } | { "kind": "after", 
/**
 * As in `html`.
 */
value: string, } | { "kind": "redirect", 
/**
 * A path from the site's root, or an `https:` address.
 */
value: string, };

/**
 * An ad in a placement.
 */
export type Ad = { 
/**
 * The placement's name.
 */
placement: string, 
/**
 * CSS selector of its elements.
 */
selector: string, 
/**
 * The word that marks it as advertising.
 */
label: string | null, 
/**
 * The line item that delivers.
 */
lineItem: string, 
/**
 * The creative shown.
 */
creative: string, 
/**
 * CSS pixels.
 */
width: number, 
/**
 * CSS pixels.
 */
height: number, 
/**
 * Where a click goes.
 */
link: string, 
/**
 * What it says to those who cannot see it.
 */
alt: string, 
/**
 * Address of the image.
 */
image: string | null, 
/**
 * The line in large type.
 */
headline: string | null, 
/**
 * The lines below it.
 */
body: string | null, 
/**
 * The words on its button.
 */
cta: string | null, 
/**
 * HTML with styles, for a frame in which no script runs; cleaned when it was compiled, values in it are escaped.
 */
html: string | null, };

/**
 * That an experience acted on this page view, or was held out from it.
 */
export type Exposure = { 
/**
 * The experience's name; `*` for the holdout of the whole site.
 */
experience: string, 
/**
 * The variant's name; `null` for the holdout.
 */
variant: string | null, 
/**
 * Who was drawn: `account` or `visitor`.
 */
unit: "account" | "visitor", 
/**
 * The bucket that was drawn, 0 to 9,999; `null` where there was nothing to draw.
 */
bucket: number | null, };

/**
 * Why a slot or a placement shows what it shows.
 */
export type Reason = { 
/**
 * The slot's or the placement's name.
 */
about: string, 
/**
 * The experience or line item that got it; `null` for Default.
 */
chosen: string | null, 
/**
 * The reason in a sentence.
 */
text: string, };

/**
 * A decision, and every candidate for every slot and placement with what became of it.
 */
export type Explanation = { 
/**
 * The same as `decide` gives.
 */
decision: Decision, 
/**
 * What was said of whom the visitor works for, in the order in which it counts.
 */
signals: Array<Signal>, 
/**
 * By slot, then placement, each in the order in which they were tried.
 */
candidates: Array<Candidate>, };

/**
 * Something that says whom the visitor works for.
 */
export type Signal = { 
/**
 * What.
 */
signal: MatchKind, 
/**
 * Ids of the accounts that it names: several where it does not say which.
 */
accounts: Array<string>, 
/**
 * What became of it.
 */
verdict: SignalVerdict, 
/**
 * What it says, or why it says nothing, in a sentence.
 */
evidence: string, };

/**
 * What became of a signal.
 */
export type SignalVerdict = "wins" | "agrees" | "overruled" | "silent";

/**
 * An experience or a line item that wanted a slot or a placement.
 */
export type Candidate = { 
/**
 * The slot's or the placement's name.
 */
about: string, 
/**
 * Which of the two.
 */
kind: CandidateKind, 
/**
 * Its name.
 */
name: string, 
/**
 * What became of it.
 */
outcome: Outcome, 
/**
 * The same in a sentence; for a rule that did not hold, what would have made it hold.
 */
text: string, 
/**
 * That as data, where a rule did not hold and can.
 */
nearMiss: NearMiss | null, };

/**
 * What a candidate is.
 */
export type CandidateKind = "experience" | "lineItem";

/**
 * What became of a candidate.
 */
export type Outcome = "chosen" | "outranked" | "no-match" | "not-scheduled" | "held-out" | "not-sampled" | "no-creative" | "control";

/**
 * The fewest facts that would have to change for a rule to hold. Reads as a sentence:
 * ``would match if account.tier == 1 (it is 2) and visitor.visits > 2 (it is not known)``.
 */
export type NearMiss = { 
/**
 * What those facts must be, in the order in which the rule asks.
 */
wishes: Array<Wish>, 
/**
 * All of it can be at once. Otherwise nobody knows: two patterns for one text may exclude each other.
 */
isCertain: boolean, };

/**
 * What the rule asks of a fact that would have to change.
 */
export type Wish = { 
/**
 * As its author could have written it.
 */
needs: string, 
/**
 * What it is instead; `null` where that is no one's business (an address) or says nothing.
 */
is: string | null, 
/**
 * It is so already, and must stay so when the fact changes for another wish.
 */
isMet: boolean, };

/**
 * What a preview lists of a bundle: no rule and no content.
 */
export type SiteIndex = { 
/**
 * Its name.
 */
site: string, 
/**
 * The site's own hosts.
 */
hosts: Array<string>, 
/**
 * The slots, in the order of the source.
 */
slots: Array<SlotEntry>, 
/**
 * The placements, in the order of the source.
 */
placements: Array<PlacementEntry>, 
/**
 * The accounts, ascending by id.
 */
accounts: Array<AccountEntry>, 
/**
 * The names of the segments.
 */
segments: Array<string>, 
/**
 * SHA-256 of the bundle, 64 hexadecimal digits.
 */
hash: string, };

/**
 * A slot in a [`SiteIndex`].
 */
export type SlotEntry = { 
/**
 * Unique in the site.
 */
name: string, 
/**
 * CSS selector of its elements.
 */
selector: string, 
/**
 * What it is, for people.
 */
about: string | null, };

/**
 * A placement in a [`SiteIndex`].
 */
export type PlacementEntry = { 
/**
 * Unique in the site.
 */
name: string, 
/**
 * CSS selector of its elements.
 */
selector: string, 
/**
 * Sizes as `300x250`, the preferred one first.
 */
sizes: Array<string>, 
/**
 * The word that marks it as advertising.
 */
label: string | null, };

/**
 * An account in a [`SiteIndex`].
 */
export type AccountEntry = { 
/**
 * Unique in the site.
 */
id: string, 
/**
 * The full name.
 */
name: string, 
/**
 * What people call it.
 */
shortName: string | null, 
/**
 * Its industry.
 */
industry: string | null, 
/**
 * The country of its head office.
 */
country: string | null, 
/**
 * 1, 2 or 3.
 */
tier: number | null, 
/**
 * Where it is on its way.
 */
stage: string | null, };
