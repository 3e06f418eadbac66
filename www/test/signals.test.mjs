// Who a visitor is by a signed token, by the domain of his e-mail address, or by a cookie: here as natively.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Nameplate } from "nameplate";
import { signToken } from "nameplate/token";
import { program } from "./sample.mjs";

const SITE = {
  "nameplate.yaml": `
site: Example
hosts: [www.example.com]
accounts: { file: accounts.csv, columns: { id: id, name: name, country: country, domains: domains }, email_domains: true }
networks: networks.csv
slots: { title: { selector: h1 } }
`,
  "accounts.csv": "id,name,country,domains\nalder,Alder Bank,Germany,alder.example\nbirch,Birch,France,group.example\ncedar,Cedar,Germany,group.example\n",
  "networks.csv": "prefix,account,confidence,source\n134.244.0.0/16,birch,90,AS1\n",
  "experiences/champion.yaml": "name: champion\nwhen: visitor.role == \"champion\" && page.utm_campaign == \"spring\"\npriority: 2\nvariants: [{ name: only, slots: { title: { text: Champion } } }]\n",
  "experiences/hello.yaml": "name: hello\nwhen: account.known\npriority: 1\nvariants: [{ name: only, slots: { title: { text: 'For {{account.name | you}}' } } }]\n",
};
const KEY = "a-text-that-nobody-guesses";
const NOW = 1_795_424_400;
const ip = "134.244.1.7";

const folder = mkdtempSync(join(tmpdir(), "nameplate-signals-"));
after(() => rmSync(folder, { recursive: true }));
const [bundle, keyFile] = ["site.npb", "key"].map((name) => join(folder, name));
let nameplate;

/** As docs/tokens.md says. */
function token(account, expires, key = KEY, site = "Example", more = "") {
  const said = `${account}.${expires}${more}`;
  return `${said}.${createHmac("sha256", key).update(`nameplate account token\n${site}\n${said}`).digest("hex")}`;
}

before(async () => {
  execFileSync("mkdir", [join(folder, "experiences")]);
  for (const [name, text] of Object.entries(SITE)) writeFileSync(join(folder, name), text);
  writeFileSync(keyFile, `${KEY}\n`);
  execFileSync(program, ["build", folder, "-o", bundle]);
  nameplate = await Nameplate.load(readFileSync(bundle));
  nameplate.tokenKey = KEY;
});

const VISITS = [
  { token: token("alder", NOW) },
  { token: token("alder", NOW - 1) },
  { token: token("oak", NOW) },
  { token: token("alder", NOW, "another-text-that-nobody-guesses") },
  { token: token("alder", NOW, KEY, "Other") },
  { token: "", cookie: token("cedar", NOW + 60) },
  { token: token("alder", NOW, KEY, "Example", ".champion.spring") },
  { token: token("alder", NOW, KEY, "Example", ".champion."), cookie: token("birch", NOW, KEY, "Example", ".user.spring") },
  { cookie: token("alder", NOW, KEY, "Example", ".champion.spring"), visitor: { role: "user" } },
  { token: token("alder", NOW, KEY, "Example", ".champion."), visitor: { campaign: "spring" } },
  { token: token("alder", NOW, KEY, "Example", ".champion") },
  { token: token("alder", NOW), account: "cedar", emailDomain: "group.example", cookie: token("birch", NOW) },
  { emailDomain: "mail.alder.example" },
  { emailDomain: "anna@alder.example" },
  { emailDomain: "group.example" },
  { emailDomain: "GROUP.example", attributes: { country: "Germany" } },
  { emailDomain: "group.example", attributes: { country: "de" } },
  { emailDomain: "group.example", visitor: { custom: { country: "FR" } } },
  { emailDomain: "group.example", attributes: { country: "Germany" }, visitor: { custom: { country: "FR" } } },
  { emailDomain: "group.example", attributes: { country: "Spain", name: "Group" } },
  { emailDomain: "é.example", token: null, cookie: null },
  {},
].map((visit) => ({ ip, now: NOW, ...visit }));

test("tokens and domains count as natively", () => {
  const input = VISITS.map((visit) => `${JSON.stringify(visit)}\n`).join("");
  const natively = (...options) =>
    execFileSync(program, ["decide", bundle, "--batch", "--token-key", keyFile, ...options], { input }).toString().trim().split("\n").map((line) => JSON.parse(line));
  const decisions = natively();
  assert.deepEqual(VISITS.map((visit) => nameplate.decide(visit)), decisions);
  assert.deepEqual(VISITS.map((visit) => nameplate.explain(visit)), natively("--explain"));
  assert.deepEqual(new Set(decisions.map(({ match }) => match.kind)), new Set(["token", "address", "cookie", "email"]));
  assert.deepEqual(new Set(decisions.map(({ match }) => match.outcome)), new Set(["match", "ambiguous"]));
});

test("the program's token is that of the documentation", () => {
  const made = execFileSync(program, ["token", bundle, "--account", "alder", "--key", keyFile, "--days", "7"]).toString().trim();
  const expires = Number(made.split(".")[1]);
  assert.equal(made, token("alder", expires));
  assert.equal(nameplate.decide({ token: made, now: expires }).account.id, "alder");
});

test("the package signs what the program signs, byte for byte", async () => {
  const check = async (options, more) => {
    const made = execFileSync(program, ["token", bundle, "--account", "birch", "--key", keyFile, ...more]).toString().trim();
    const expires = Number(made.split(".")[1]);
    assert.equal(await signToken(`${KEY}\n`, { site: "Example", account: "birch", expires, ...options }), made);
    assert.equal(nameplate.decide({ token: made, now: expires }).match.kind, "token");
  };
  await check({}, []);
  await check({ role: "champion" }, ["--role", "champion"]);
  await check({ campaign: "Q3_launch-b" }, ["--campaign", "Q3_launch-b", "--days", "399"]);
  await check({ role: "decision-maker", campaign: "x" }, ["--role", "decision-maker", "--campaign", "x"]);
});

test("the package signs nothing that would not count", async () => {
  const good = { site: "Example", account: "birch" };
  const before = Math.floor(Date.now() / 1_000);
  const expires = Number((await signToken(KEY, { ...good, days: 7 })).split(".")[1]);
  assert.ok(expires >= before + 7 * 86_400 && expires <= Math.floor(Date.now() / 1_000) + 7 * 86_400);
  const refused = (problem, options, key = KEY) => assert.rejects(signToken(key, { ...good, ...options }), (error) => problem.test(error.message) && !error.message.includes(KEY));
  await refused(/at least 16 bytes/, {}, "fifteen-letters");
  await refused(/id of an account/, { account: "Birch" });
  await refused(/name of a site/, { site: undefined });
  await refused(/expected a role, one of champion/, { role: "boss" });
  await refused(/expected a campaign/, { campaign: "a.b" });
  await refused(/expected a campaign/, { campaign: "" });
  for (const wrong of [{ days: 400 }, { days: Number.NaN }, { days: -1 }, { expires: 7 }, { expires: before + 1e9 }, { expires: 0.5 }]) await refused(/less than 400 days/, wrong);
});

test("a slice's page is told what a good token says of the visitor", () => {
  const visit = (more, rest = {}) => ({ now: NOW, token: token("alder", NOW, KEY, "Example", more), ...rest });
  const shown = (asked) => nameplate.decideInSlice(asked).slots.map(({ changes }) => changes[0].value);
  assert.deepEqual([".champion.spring", "..spring", ".champion.", ""].map((more) => nameplate.told(visit(more))), ["champion.spring", ".spring", "champion.", ""]);
  assert.equal(nameplate.told({ ...visit(".champion.spring"), now: NOW + 1 }), "");
  assert.deepEqual(shown(visit(".champion.spring")), ["Champion"]);
  assert.deepEqual(shown(visit(".champion.")), ["For Alder Bank"]);
  assert.deepEqual(shown(visit(".champion.spring", { visitor: { role: "user" } })), ["For Alder Bank"]);
  assert.deepEqual(shown(visit(".champion.spring", { url: "https://www.example.com/?utm_campaign=autumn" })), ["For Alder Bank"]);
});

test("without a key no token counts, and a key outlives a lost instance", async () => {
  const other = await Nameplate.load(readFileSync(bundle));
  const visit = { ip, now: NOW, token: token("alder", NOW) };
  assert.equal(other.decide(visit).account.id, "birch");
  assert.equal(other.explain(visit).signals[0].evidence, "there is no key to check it with");
  assert.throws(() => (other.tokenKey = "fifteen-letters"), /at least 16 bytes/);
  assert.equal(other.decide(visit).account.id, "birch");
  other.tokenKey = KEY;
  assert.equal(other.decide(visit).account.id, "alder");
  assert.throws(() => (other.tokenKey = "short"), /at least 16 bytes/);
  assert.equal(other.decide(visit).account.id, "alder");
});

test("a slice is that of the account that was found, and no visit leaves anything to the next", () => {
  const shown = (visit) => nameplate.decideInSlice(visit).slots.map(({ changes }) => changes[0].value);
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(shown({ ip, now: NOW, token: token("alder", NOW) }), ["For Alder Bank"]);
    assert.deepEqual(shown({ ip, now: NOW }), ["For Birch"]);
    assert.deepEqual(shown({ ip, now: NOW, emailDomain: "group.example" }), []);
    assert.deepEqual(shown({ now: NOW }), []);
  }
  assert.deepEqual(Buffer.from(nameplate.slice({ token: token("cedar", NOW), now: NOW })), Buffer.from(nameplate.slice({ account: "cedar" })));
});
