// Visits made from a seed, the same in every runtime, and the digests of what is decided for them.

import { seeded } from "./seeded.mjs";

/** Lines that have one digest together: where one differs, the others tell where not. */
export const CHUNK = 5_000;

/** The digests of these visits' decisions, a chunk each. */
export async function digestsOf(nameplate, visits) {
  const digests = [];
  for (let lines = []; ; ) {
    const { done, value } = visits.next();
    if (!done) lines.push(JSON.stringify(nameplate.decide(value)));
    if (lines.length === CHUNK || (done && lines.length > 0)) digests.push(await digest(lines.splice(0)));
    if (done) return digests;
  }
}

export async function digest(lines) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** So many visits of the people of a site: `site` is what `Nameplate.site` tells, `networks` are the rows of its networks.csv. */
export function* makeVisits(count, site, networks) {
  const random = seeded(20_261_121);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (...all) => all[below(all.length)];
  const paths = ["/", "/pricing", "/customers", "/a%20b", "/ünï", ""];
  const queries = ["", "?utm_source=news&utm_campaign=peak-demand&utm_medium=cpc", "?utm_term=%C3%A9+x&utm_term=b", "?&=&utm_content=%zz"];
  const addresses = [
    () => inside(pick(...networks).prefix, random),
    () => inside(pick(...networks).prefix, random),
    () => `${below(256)}.${below(256)}.${below(256)}.${below(256)}`,
    () => `2a00:${below(65_536).toString(16)}::${below(65_536).toString(16)}`,
    () => `::ffff:${inside(pick(...networks.filter(({ prefix }) => prefix.includes("."))).prefix, random)}`,
    () => pick("", "10.0.0.1", "127.0.0.1", "::1", "not an address", "1.2.3.4:80", "203.0.113.7"),
  ];
  for (let index = 0; index < count; index += 1) {
    const visit = {};
    if (random() < 0.8) visit.ip = pick(...addresses)();
    if (random() < 0.25) visit.account = random() < 0.9 ? pick(...site.accounts).id : pick("", "nobody", "SIEMENS");
    if (random() < 0.9) visit.url = pick("https://www.tidewater.example", "http://x:1", "") + pick(...paths) + pick(...queries);
    if (random() < 0.4) visit.referrer = pick("https://www.google.com/", "https://partner.example/a?b", "", "x");
    if (random() < 0.15) {
      const attributes = { id: pick("a-1", "", null), name: pick("Alder & Söhne AG", "Birch", null), shortName: pick("Alder", "<b>", null) };
      const from = pick(...site.accounts);
      Object.assign(attributes, { industry: from.industry, country: from.country, tier: from.tier, stage: from.stage });
      if (random() < 0.7) Object.assign(attributes, { employees: below(200_000), revenue: below(2 ** 50), intent: below(101) });
      if (random() < 0.7) Object.assign(attributes, { technologies: ["scada", "mes"].slice(below(3)), domains: [], owner: "Jo", lifetimeValue: -below(9) });
      visit.attributes = attributes;
    }
    // Always there: without it the program would take the clock's.
    visit.now = pick(0, -1, 1_790_000_000, 1_770_000_000 + below(60_000_000), 9_007_199_254_740_991);
    if (random() < 0.9) {
      visit.visitor = {};
      if (random() < 0.8) visit.visitor.visits = pick(0, 1, 2, 3, 5, 40, -1);
      if (random() < 0.5) visit.visitor.role = pick("champion", "decision-maker", "user", "approver", "gatekeeper", "cat");
      if (random() < 0.5) visit.visitor.language = pick("de", "de-AT", "en", "fr", "");
      if (random() < 0.3) Object.assign(visit.visitor, { daysAway: pick(0, 6, 30), device: pick("phone", "desktop", "fridge"), timeZone: pick("Europe/Berlin", "é") });
      if (random() < 0.3) Object.assign(visit.visitor, { viewportWidth: below(2_000), visibility: pick("visible", "hidden") });
      if (random() < 0.8) visit.visitor.id = `v-${below(5_000)}`;
    }
    yield visit;
  }
}

/** An address inside a prefix: its first, its last, or one between. */
function inside(prefix, random) {
  const [address, length] = prefix.split("/");
  const isV4 = address.includes(".");
  const width = isV4 ? 32n : 128n;
  const size = 1n << (width - BigInt(length));
  const place = random();
  const offset = place < 0.2 ? 0n : place < 0.4 ? size - 1n : BigInt(Math.floor(random() * 2 ** 48)) % size;
  const bits = (isV4 ? bitsOfV4(address) : bitsOfV6(address)) + offset;
  const part = (index, each, count) => (bits >> BigInt(each * (count - 1 - index))) & ((1n << BigInt(each)) - 1n);
  return isV4
    ? Array.from({ length: 4 }, (_, index) => part(index, 8, 4)).join(".")
    : Array.from({ length: 8 }, (_, index) => part(index, 16, 8).toString(16)).join(":");
}

function bitsOfV4(address) {
  return address.split(".").reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function bitsOfV6(address) {
  const [head, tail = ""] = address.split("::");
  const groups = (text) => (text === "" ? [] : text.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array(address.includes("::") ? missing : 0).fill("0"), ...groups(tail)];
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
