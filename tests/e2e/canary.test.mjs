// What a browser receives of a site with 500 accounts, each with names, domains, prefixes, segments and content of its own: all that the
// site's server sends, whoever asks, holds nothing of the 499 others, neither as it is nor hashed. `tests/it/slice.rs` looks into the
// slices of all 500.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { startSite } from "./web.mjs";

const COUNT = 500;
const VISITORS = [0, 1, 7, 250, 499];
const STRANGER = "198.51.100.7";
const dist = new URL("../../www/dist/", import.meta.url);

/** Words that no other file has: two letters, the account's number, a letter. */
const word = (kind, of) => `${kind}${of}q`;
const prefixOf = (of) => `9.${of >> 8}.${of & 255}.0`;
const KINDS = ["Idz", "Namez", "domz", "Ownerz", "Sourcez", "segz", "pathz", "expz", "varz", "Textz", "linez", "crez", "linkz", "Altz"];

const each = (line) => Array.from({ length: COUNT }, (_, of) => line((kind) => word(kind, of), of)).join("");
const files = {
  "nameplate.yaml": `site: S
hosts: [www.example.com]
accounts: { file: a.csv, columns: { id: id, name: name, domains: domains, owner: owner } }
networks: n.csv
segments:
${each((w) => `  ${w("segz")}: account.owner == "${w("Ownerz")}"\n`)}slots:
  title: { selector: h1 }
placements:
  side: { selector: "#side", sizes: [300x250] }
`,
  "a.csv": `id,name,domains,owner\n${each((w) => `${w("Idz").toLowerCase()},${w("Namez")},${w("domz")}.example,${w("Ownerz")}\n`)}`,
  "n.csv": `prefix,account,confidence,source\n${each((w, of) => `${prefixOf(of)}/24,${w("Idz").toLowerCase()},90,${w("Sourcez")}\n`)}`,
};
for (let of = 0; of < COUNT; of += 1) {
  const w = (kind) => word(kind, of);
  const when = of % 2 === 0 ? `account.id == "${w("Idz").toLowerCase()}"` : `in_segment("${w("segz")}")`;
  files[`experiences/e${of}.yaml`] = `name: ${w("expz")}\nwhen: '${when} && page.path != "/${w("pathz")}"'\npriority: 500\nvariants: [{ name: ${w("varz")}, slots: { title: { text: "${w("Textz")} for {{account.name | x}}" } } }]\n`;
  files[`ads/l${of}.yaml`] = `name: ${w("linez")}\nwhen: '${when}'\nplacements: [side]\npriority: 1\ncreatives: [{ name: ${w("crez")}, size: 300x250, link: /${w("linkz")}, alt: ${w("Altz")}, headline: H }]\n`;
}

/** Whose: each digest of each word, as eight bytes, in hex and in base64, cut short as people cut them. */
const digests = { bytes: new Map(), hex: new Map(), base64: new Map() };
const [HEX, BASE64] = [12, 10];
for (let of = 0; of < COUNT; of += 1) {
  const w = (kind) => word(kind, of);
  for (const text of [...KINDS.map(w), w("Idz").toLowerCase(), `${w("domz")}.example`, prefixOf(of), `${prefixOf(of)}/24`]) {
    for (const kind of ["md5", "sha1", "sha256", "sha512"]) {
      const digest = createHash(kind).update(text).digest();
      digests.bytes.set(digest.readBigUInt64LE(), of);
      digests.hex.set(digest.toString("hex").slice(0, HEX), of);
      digests.base64.set(digest.toString("base64").slice(0, BASE64), of);
    }
  }
}

/** Whose traces are in these bytes: words, addresses, digests. */
function known(bytes) {
  const text = bytes.toString("latin1");
  const found = new Set();
  for (const [, of] of text.matchAll(new RegExp(`(?:${KINDS.join("|")})(\\d+)q`, "gi"))) found.add(Number(of));
  for (const [, high, low] of text.matchAll(/9\.([01])\.(\d{1,3})\./g)) found.add(high * 256 + Number(low));
  for (let at = 0; at < bytes.length; at += 1) {
    const whose = [at + 8 <= bytes.length ? digests.bytes.get(bytes.readBigUInt64LE(at)) : undefined, digests.hex.get(text.slice(at, at + HEX).toLowerCase()), digests.base64.get(text.slice(at, at + BASE64))];
    for (const of of whose) if (of !== undefined) found.add(of);
  }
  return [...found].sort((one, other) => one - other);
}

test("the traces can be seen at all", () => {
  const digest = createHash("sha1").update("domz3q").digest();
  for (const text of ["..Namez3q..", "9.0.3.0/24", digest, digest.toString("hex").toUpperCase(), `x${digest.toString("base64")}`, "idz3q"]) assert.deepEqual(known(Buffer.from(text)), [3]);
  assert.equal(known(Buffer.from(Object.values(files).join(""))).length, COUNT);
});

let browser;
let site;
before(async () => {
  const page = () => ({ body: `<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><script async src="/np/tag.js" data-np-consent="granted" data-np-account="all" data-np-adapters="datalayer"></script><body><h1>authored</h1><aside id="side">authored</aside>` });
  let client = STRANGER;
  [browser, site] = await Promise.all([launch(), startSite(files, { page, address: () => client })]);
  site.from = (address) => (client = address);
});
after(() => Promise.all([browser?.close(), site?.stop()]));

/** The bodies and headers of all that a browser at this address gets. */
async function received(address) {
  site.from(address);
  const { page } = await openPage(browser);
  const bodies = new Map();
  const pending = [];
  page.on("response", (response) =>
    pending.push(
      (async () => {
        const head = JSON.stringify(await response.allHeaders());
        const body = response.status() === 204 ? Buffer.alloc(0) : await response.body();
        bodies.set(response.url().slice(site.url.length), Buffer.concat([Buffer.from(head), body]));
      })(),
    ),
  );
  try {
    await page.goto(site.url);
    await page.waitForFunction(() => globalThis.nameplate?.diagnose?.().state === "decided");
    const title = await page.locator("h1").textContent();
    await page.evaluate(() => history.pushState(null, "", "/elsewhere"));
    // What a curious visitor asks for besides.
    await page.evaluate(async () => {
      const headers = { "x-forwarded-for": "9.0.3.7", forwarded: "for=9.0.3.7", "cf-connecting-ip": "9.0.3.7" };
      for (const path of ["decide", "", "metrics", "health", "site.npb", "bundle", "slice?account=idz3q", "slice?ip=9.0.3.7", "slice?again"]) {
        await (await fetch(`/np/${path}`, { headers })).arrayBuffer();
      }
    });
    await Promise.all(pending);
    return { bodies, title };
  } finally {
    await page.close();
  }
}

test("the files of the tag know no site", () => {
  for (const name of readdirSync(dist).filter((name) => /^(tag|core)/.test(name) && !name.endsWith(".br"))) {
    assert.deepEqual(known(readFileSync(new URL(name, dist))), [], name);
  }
});

for (const of of VISITORS) {
  test(`a visitor of account ${of} gets nothing of the 499 others`, async () => {
    const { bodies, title } = await received(prefixOf(of).replace(/0$/, "7"));
    assert.equal(title, `${word("Textz", of)} for ${word("Namez", of)}`);
    assert.deepEqual(known(bodies.get("/np/slice")), [of]);
    for (const [path, bytes] of bodies) assert.deepEqual(known(bytes).filter((one) => one !== of), [], path);
  });
}

test("a stranger gets nothing of anybody", async () => {
  const { bodies, title } = await received(STRANGER);
  assert.equal(title, "authored");
  assert.ok(bodies.has("/np/slice"));
  for (const [path, bytes] of bodies) assert.deepEqual(known(bytes), [], path);
});
