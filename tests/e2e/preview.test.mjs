// The marketer's whole way through the preview, with the real program, the real core and a real browser: choose a visitor,
// see the page, read why, edit a source, break it, repair it.
//
// What the page must show is asked of the npm package in Node: the same visit must look the same here and there, and the
// test holds whatever the sample site says.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { Nameplate } from "../../www/dist/lib/node.js";
import { launch, openPage } from "./browser.mjs";
import { eventually, startPreview } from "./server.mjs";

const WHEN = "2026-06-15T10:00";
const NOW = Date.parse(`${WHEN}Z`) / 1000;
/** From the documentation range: nobody's. */
const STRANGER = "203.0.113.7";

let browser;
let preview;
let nameplate;
let host;
let page;
let problems;

before(async () => {
  preview = await startPreview();
  nameplate = await Nameplate.load(await (await fetch(`${preview.url}/np/site.npb`)).arrayBuffer());
  host = nameplate.site().hosts[0];
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await preview?.stop();
});

beforeEach(async () => {
  await page?.close();
  ({ page, problems } = await openPage(browser));
});

const by = (id) => page.getByTestId(id);
const inFrame = (selector) => page.frameLocator("#frame").locator(selector);

async function open(query = "") {
  await page.goto(`${preview.url}/?now=${WHEN}${query}`);
  await ready();
}

/** The page in the frame has answered and the panel shows it. */
function ready() {
  return page.waitForSelector("#panel[data-ready=true]");
}

/** Types a part of the name, goes to the account with the arrow keys, takes it with Enter. */
async function search(account) {
  await by("account-input").click();
  await page.keyboard.type(account.name.toLowerCase());
  const option = by(`account-option-${account.id}`);
  await option.waitFor();
  for (let step = 0; !/\bactive\b/.test((await option.getAttribute("class")) ?? ""); step += 1) {
    assert.ok(step < 60, "the arrow keys do not reach the account");
    await page.keyboard.press("ArrowDown");
  }
  assert.equal(await by("account-input").getAttribute("aria-activedescendant"), await option.getAttribute("id"));
  await page.keyboard.press("Enter");
  await eventually(async () => assert.equal(await by("account-name").textContent(), account.name));
  await ready();
}

function visitOf(facts, path = "/") {
  const { visits = 1, ...rest } = facts;
  return { url: `https://${host}${path}`, now: NOW, visitor: { visits }, ...rest };
}

/** Every slot and ad of the decision that this page has looks as decided. Returns the kinds of change that were seen. */
async function checkPage(decision) {
  const seen = new Set();
  for (const { slot, selector, changes } of decision.slots) {
    const element = inFrame(selector).first();
    if ((await element.count()) === 0) continue;
    for (const change of changes) {
      seen.add(change.kind === "attribute" && change.name === "src" ? "image" : change.kind);
      if (change.kind === "text") assert.equal(await element.textContent(), change.value, slot);
      if (change.kind === "attribute") assert.equal(await element.getAttribute(change.name), change.value, slot);
      if (change.kind === "html") {
        // In the sample page: the studio's own policy forbids to parse text.
        const expected = await element.evaluate((_, html) => new DOMParser().parseFromString(html, "text/html").body.innerHTML, change.value);
        assert.equal(await element.innerHTML(), expected, slot);
      }
    }
  }
  for (const ad of decision.ads) {
    const place = inFrame(ad.selector).first();
    if ((await place.count()) === 0) continue;
    seen.add(ad.headline === null ? "image creative" : "text creative");
    const link = place.locator(".np-ad a");
    assert.deepEqual([await link.getAttribute("href"), await link.getAttribute("rel")], [ad.link, "sponsored noopener"]);
    // Size as laid out, not as scaled to the room.
    const size = await place.locator(".np-ad").evaluate((element) => [element.offsetWidth, element.offsetHeight]);
    assert.deepEqual(size, [ad.width, ad.height], ad.placement);
    if (ad.headline !== null) assert.equal(await link.locator(".headline").textContent(), ad.headline);
    else assert.equal(await link.locator("img").getAttribute("alt"), ad.alt);
    if (ad.image !== null) {
      const width = await eventually(() => link.locator("img").first().evaluate((image) => image.naturalWidth || Promise.reject(new Error("not loaded"))));
      assert.ok(width > 0, `${ad.creative} loads its picture`);
    }
  }
  return seen;
}

test("accounts found by the search box get their own page, every kind of change among them", async () => {
  await open();
  const wanted = new Set(["text", "html", "attribute", "image", "image creative", "text creative"]);
  const seen = new Set();
  const accounts = chooseAccounts(wanted);
  assert.ok(accounts.length >= 3);
  for (const account of accounts) {
    await search(account);
    const { decision, candidates } = nameplate.explain(visitOf({ account: account.id }));
    for (const kind of await checkPage(decision)) seen.add(kind);
    for (const { slot, experience, variant } of decision.slots) {
      const card = by(`slot-${slot}`);
      assert.match(await card.textContent(), new RegExp(`Personalised.*${experience}.*${variant}`, "s"));
    }
    for (const { about, name, outcome, text } of candidates) {
      if (outcome === "chosen") continue;
      const told = await by(`candidates-${about}`).textContent();
      assert.ok(told.includes(name), `${about} does not list ${name}`);
      assert.ok(told.includes(text.replaceAll("`", "").slice(1)), `${about} does not say "${text}"`);
    }
  }
  for (const kind of wanted) assert.ok(seen.has(kind), `the sample shows no ${kind} on its first page`);
  assert.deepEqual(problems, []);
});

/** At least three accounts whose first page together shows every kind of change that is wanted. */
function chooseAccounts(wanted) {
  const html = readFileSync(join(preview.site, "pages/index.html"), "utf8");
  // Only a first guess at what the page holds: `checkPage` looks at the page itself.
  const holds = (selector) => selector.split(/\s+/).every((part) => !part.startsWith("#") || html.includes(`id="${part.slice(1).replace(/\W.*$/, "")}"`));
  const missing = new Set(wanted);
  const chosen = [];
  for (const account of nameplate.site().accounts) {
    const { slots, ads } = nameplate.decide(visitOf({ account: account.id }));
    const kinds = [
      ...slots.filter(({ selector }) => holds(selector)).flatMap(({ changes }) => changes.map(({ kind, name }) => (name === "src" ? "image" : kind))),
      ...ads.filter(({ selector }) => holds(selector)).map(({ headline }) => (headline === null ? "image creative" : "text creative")),
    ];
    if (chosen.length < 3 ? slots.length > 0 && chosen.every(({ industry }) => industry !== account.industry) : kinds.some((kind) => missing.has(kind))) {
      chosen.push(account);
      for (const kind of kinds) missing.delete(kind);
    }
  }
  return chosen;
}

test("an unknown address stays a stranger, and the panel says so", async () => {
  await open(`&view=default`);
  const authored = await inFrame("body").innerHTML();
  await by("ip").fill(STRANGER);
  await page.keyboard.press("Enter");
  await by("view-personalised").check();
  await eventually(async () => assert.match(await by("who").textContent(), /Nobody we know/));
  await ready();
  const decision = nameplate.decide(visitOf({ ip: STRANGER }));
  await checkPage(decision);
  if (decision.slots.length === 0 && decision.ads.length === 0) assert.equal(await inFrame("body").innerHTML(), authored);
  // No address in the page, the decision or the panel's reasons.
  assert.ok(!(await inFrame("html").innerHTML()).includes(STRANGER));
  assert.ok(!(await page.frames()[1].url()).includes(STRANGER));
  assert.deepEqual(problems, []);
});

test("an address of an account shows the account with its evidence", async () => {
  const [, ...lines] = readFileSync(join(preview.site, "networks.csv"), "utf8").trim().split(/\r?\n/);
  const [prefix] = lines.find((line) => Number(line.split(",")[2]) >= 80).split(",");
  const ip = prefix.split("/")[0];
  const { account, match } = nameplate.decide(visitOf({ ip }));
  await open(`&ip=${encodeURIComponent(ip)}`);
  assert.equal(await by("account-name").textContent(), account.name);
  const who = await by("who").textContent();
  for (const part of [match.prefix, match.source, `${match.confidence} of 100`]) assert.ok(who.includes(part), `the card lacks ${part}`);
  assert.deepEqual(problems, []);
});

test("Default shows the page as authored, and the choice lives in the address", async () => {
  const account = chooseAccounts(new Set())[0];
  await open(`&account=${account.id}`);
  const changed = await inFrame("body").innerHTML();
  await by("view-default").check();
  await eventually(async () => assert.notEqual(await inFrame("body").innerHTML(), changed));
  await ready();
  assert.match(page.url(), /view=default/);
  assert.equal(await inFrame(".np-ad").count(), 0);
  await page.reload();
  await ready();
  assert.ok(await by("view-default").isChecked());
  assert.equal(await by("account-input").inputValue(), account.name);
  await by("view-personalised").check();
  await eventually(async () => assert.equal(await inFrame("body").innerHTML(), changed));
  await page.goBack();
  await ready();
  assert.ok(await by("view-default").isChecked());
  assert.deepEqual(problems, []);
});

test("pages, links of the page, role and visits keep the visitor", async () => {
  const account = chooseAccounts(new Set())[0];
  await open(`&account=${account.id}`);
  await by("role").selectOption("champion");
  await by("visits").fill("4");
  await by("visits").press("Enter");
  await by("page").selectOption("/pricing");
  await eventually(async () => assert.match(page.url(), /page=%2Fpricing/));
  await ready();
  await checkPage(nameplate.decide(visitOf({ account: account.id, visitor: { visits: 4, role: "champion" } }, "/pricing")));
  assert.doesNotMatch(page.frames()[1].url(), /np-/);
  // The page's own link home: still this visitor.
  await inFrame(`a[href="./"]`).first().click();
  await eventually(async () => assert.doesNotMatch(page.url(), /page=/));
  await ready();
  assert.equal(await by("account-name").textContent(), account.name);
  assert.deepEqual(problems, []);
});

test("pointing at a slot outlines its element without touching the page", async () => {
  const account = chooseAccounts(new Set())[0];
  await open(`&account=${account.id}`);
  const before = await inFrame("html").innerHTML();
  const here = [];
  for (const slot of nameplate.site().slots) if ((await inFrame(slot.selector).count()) > 0) here.push(slot);
  await by(`slot-${here[0].name}`).hover();
  await eventually(async () => assert.equal(await page.locator(".mark.hovered").getAttribute("data-label"), here[0].name));
  await by("outline").check();
  await by("account-input").hover();
  await eventually(async () => assert.ok((await page.locator(".mark").count()) > 1));
  assert.equal(await inFrame("html").innerHTML(), before);
});

test("every control has a name, and the search can be left with Escape", async () => {
  await open();
  await by("more").click();
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, a[href], summary, iframe, [role]")]
      .filter((element) => !element.closest("[hidden]") && !["presentation", "status"].includes(element.getAttribute("role")))
      .filter((element) => {
        const labels = [...(element.labels ?? [])].map(({ textContent }) => textContent).join("");
        return !(element.getAttribute("aria-label") || element.title || labels.trim() || element.textContent.trim());
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(nameless, []);
  await by("account-input").click();
  assert.equal(await by("account-input").getAttribute("aria-expanded"), "true");
  await page.keyboard.type("zzzz no such account");
  await page.keyboard.press("Escape");
  assert.equal(await by("account-input").getAttribute("aria-expanded"), "false");
  assert.equal(await by("account-input").inputValue(), "");
  assert.ok(await by("account-list").isHidden());
});

test("an edit shows within seconds, a mistake keeps the last good page, a repair takes it away", async () => {
  const { id, name } = nameplate.site().accounts[0];
  const slot = nameplate.site().slots.find(({ selector }) => /h1/.test(selector)) ?? nameplate.site().slots[0];
  const path = join(preview.site, "experiences/e2e.yaml");
  const source = (text, condition = `account.id == "${id}"`) =>
    `name: e2e\nwhen: ${condition}\npriority: 1000\nvariants:\n  - name: only\n    slots:\n      ${slot.name}: { text: "${text}" }\n`;
  const title = () => inFrame(slot.selector).first().textContent();
  try {
    await open(`&account=${id}`);
    const old = await title();

    writeFileSync(path, source("Edited for the test"));
    await eventually(async () => assert.equal(await title(), "Edited for the test"));
    await eventually(async () => assert.equal(await by("account-name").textContent(), name));
    assert.ok(await by("diagnostics").isHidden());

    writeFileSync(path, source("Broken", `account.teir == 1`));
    await by("diagnostic").first().waitFor();
    const told = await by("diagnostics").textContent();
    assert.match(told, /experiences\/e2e\.yaml:2:\d+/);
    assert.match(told, /account\.teir/);
    assert.match(told, /error\[R012\]/);
    assert.match(told, /a field with a similar name exists: `account\.tier`/);
    assert.match(await by("diagnostics-consequence").textContent(), /last good version/);
    await ready();
    assert.equal(await title(), "Edited for the test");

    writeFileSync(path, source("Repaired"));
    await eventually(async () => assert.equal(await title(), "Repaired"));
    await eventually(async () => assert.ok(await by("diagnostics").isHidden()));

    rmSync(path);
    await eventually(async () => assert.equal(await title(), old));
    assert.deepEqual(problems, []);
  } finally {
    rmSync(path, { force: true });
  }
});

test("a condition reads the cookies that the panel says, and the address keeps them", async () => {
  const slot = nameplate.site().slots.find(({ selector }) => /h1/.test(selector)) ?? nameplate.site().slots[0];
  const settings = join(preview.site, "nameplate.yaml");
  const path = join(preview.site, "experiences/e2e.yaml");
  const before = readFileSync(settings, "utf8");
  const title = () => inFrame(slot.selector).first().textContent();
  const tellCookies = async (text) => {
    if (!(await page.locator("#more").evaluate((more) => more.open))) await by("more").click();
    await by("cookies").fill(text);
    await by("cookies").press("Enter");
  };
  try {
    await open();
    const old = await title();
    writeFileSync(settings, `${before}\ncookies: { plan: necessary, region: consent }\n`);
    writeFileSync(path, `name: e2e\nwhen: cookie("plan") == "a b" && cookie("region") == "eu"\npriority: 1000\nvariants:\n  - name: only\n    slots:\n      ${slot.name}: { text: "For who has the plan" }\n`);
    await by(`candidates-${slot.name}`).filter({ hasText: "e2e" }).waitFor({ state: "attached" });
    await eventually(async () => assert.equal(await title(), old));

    await tellCookies("plan=a+b&region=eu");
    await eventually(async () => assert.equal(await title(), "For who has the plan"));
    await page.reload();
    await ready();
    assert.equal(await by("cookies").inputValue(), "plan=a+b&region=eu");
    await eventually(async () => assert.equal(await title(), "For who has the plan"));

    await tellCookies("plan=a+b");
    await eventually(async () => assert.equal(await title(), old));
    // What is missing is said, and the value of no cookie.
    await eventually(async () => {
      const told = await by(`candidates-${slot.name}`).textContent();
      assert.ok(told.includes('Would match if visitor.cookies.region == "eu"'), told);
    });
    assert.deepEqual(problems, []);
  } finally {
    rmSync(path, { force: true });
    writeFileSync(settings, before);
  }
  await eventually(async () => assert.ok(await by("diagnostics").isHidden()));
});

test("a site that never was good shows its mistakes, and the page once they are repaired", async () => {
  const mistake = (site) => join(site, "experiences/e2e.yaml");
  const broken = await startPreview((site) => writeFileSync(mistake(site), "name: e2e\nwhen: account.teir == 1\nvariants: []\n"));
  try {
    await page.goto(`${broken.url}/`);
    await by("diagnostic").first().waitFor();
    assert.match(await by("diagnostics-consequence").textContent(), /no good version yet/);
    assert.match(await by("page-problem").textContent(), /no good version/);
    rmSync(mistake(broken.site));
    await ready();
    assert.ok(await by("diagnostics").isHidden());
    assert.ok((await inFrame("h1").count()) > 0);
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await broken.stop();
  }
});

test("without the core the page stays as authored and the studio says so", async () => {
  const account = chooseAccounts(new Set())[0];
  await open(`&account=${account.id}&view=default`);
  const authored = await inFrame("body").innerHTML();
  problems.length = 0;
  await page.route(/\/np\/(core|edge)\.wasm$/, (route) => route.abort());
  await page.goto(`${preview.url}/?account=${account.id}`);
  await by("page-problem").waitFor();
  await eventually(async () => assert.equal(await inFrame("body").innerHTML(), authored));
  // The browser reports the two aborted requests by itself; the page and the studio add no error.
  assert.deepEqual(problems.filter((text) => !/ERR_FAILED/.test(text)), []);
});

test("the sample page by itself, outside the studio, decides too", async () => {
  const account = chooseAccounts(new Set())[0];
  await page.goto(`${preview.url}/site/?np-account=${account.id}&np-visits=1&np-now=${NOW}`);
  const { slots } = nameplate.decide(visitOf({ account: account.id }));
  const text = slots.flatMap(({ selector, changes }) => changes.filter(({ kind }) => kind === "text").map(({ value }) => ({ selector, value })));
  assert.ok(text.length > 0);
  for (const { selector, value } of text) {
    const element = page.locator(selector).first();
    if ((await element.count()) > 0) await eventually(async () => assert.equal(await element.textContent(), value));
  }
  assert.equal(page.url(), `${preview.url}/site/`);
  assert.deepEqual(problems, []);
});

test("a page that asks for the tag as a module, as a script that waits or as one that does not, is decided", async () => {
  const account = chooseAccounts(new Set())[0];
  const [{ selector, changes }] = nameplate.decide(visitOf({ account: account.id })).slots.filter((one) => /h1/.test(one.selector));
  for (const way of ['type="module"', "defer", ""]) {
    await page.route("**/site/*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("<script async ", `<script ${way} `) });
    });
    await page.goto(`${preview.url}/site/?np-account=${account.id}&np-visits=1&np-now=${NOW}`);
    await eventually(async () => assert.equal(await page.locator(selector).textContent(), changes[0].value));
    await page.unroute("**/site/*");
  }
  assert.deepEqual(problems, []);
});

/** Opens the sample page with `policy` as its Content-Security-Policy; returns what the browser reported. */
async function openWithPolicy(policy, query) {
  await page.route("**/site/*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  await page.goto(`${preview.url}/site/${query}`);
}

test("the studio keeps to a policy without inline styles and scripts", async () => {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'";
  await page.route(`${preview.url}/?*`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  const account = chooseAccounts(new Set())[0];
  await open(`&account=${account.id}&device=phone`);
  await by("outline").check();
  await by("account-input").click();
  await eventually(async () => assert.ok((await page.locator(".mark").count()) > 0));
  assert.deepEqual(problems, []);
});

test("the tag keeps to the strictest policy that allows WebAssembly", async () => {
  const account = chooseAccounts(new Set())[0];
  await openWithPolicy(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    `?np-account=${account.id}&np-now=${NOW}&np-visits=1`,
  );
  const { slots, ads } = nameplate.decide(visitOf({ account: account.id }));
  const text = slots.find(({ changes }) => changes.some(({ kind }) => kind === "text"));
  await eventually(async () => assert.equal(await page.locator(text.selector).first().textContent(), text.changes.find(({ kind }) => kind === "text").value));
  for (const { selector } of ads) if ((await page.locator(selector).count()) > 0) assert.equal(await page.locator(`${selector} .np-ad`).count(), 1);
  assert.deepEqual(problems, []);
});

test("where a policy forbids WebAssembly the page stays as authored", async () => {
  const account = chooseAccounts(new Set())[0];
  await page.goto(`${preview.url}/site/?np-off=1`);
  const authored = await page.locator("body").innerHTML();
  const said = [];
  page.on("console", (message) => said.push(`${message.type()} ${message.text()}`));
  await openWithPolicy("default-src 'self'; script-src 'self'; style-src 'self'", `?np-account=${account.id}`);
  await eventually(() => assert.ok(said.some((line) => /^debug nameplate: /.test(line))));
  assert.equal(await page.locator("body").innerHTML(), authored);
  assert.equal(said.filter((line) => /nameplate/.test(line) && line.startsWith("debug")).length, 1);
});
