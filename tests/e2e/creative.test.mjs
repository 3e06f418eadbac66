// HTML creatives: a frame in which nothing is allowed, of the ad's size from the first moment, below one link.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { bundle, launch, openPage } from "./browser.mjs";
import { eventually } from "./server.mjs";

const HTML = `<style>b { color: rgb(1, 2, 3) } b::before { content: url(/dot.gif) }</style><b class="x" style="width: 10px">For Alder &amp; Sons</b><img src="/plant.gif" alt="">`;
const AD = { placement: "p", selector: "#ad", label: "Ad", lineItem: "l", creative: "c", width: 300, height: 250, link: "/plants", alt: "A plant", image: null, headline: null, body: null, cta: null, html: HTML };
const PIXEL = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");

let browser;
let script;

before(async () => {
  script = await bundle(`import { Page } from "./tag/apply.ts"; const page = new Page(document);
globalThis.show = (ad) => page.apply({ slots: [], ads: ad === null ? [] : [ad] });`);
  browser = await launch();
});

after(() => browser?.close());

/** Shows `ad` in a page under `policy`; `look({ page, frame, applied, authored, problems, asked })`. A server, because a frame of this kind has a process of its own. */
async function open({ policy = "", ad = AD }, look) {
  const asked = [];
  const body = '<!doctype html><title>t</title><link rel="icon" href="data:,"><script src="/apply.js"></script><body><p>above</p><aside id="ad"><p>authored</p></aside><p id="below">below</p>';
  const server = createServer(({ url, headers }, response) => {
    asked.push([url, headers.referer]);
    if (policy !== "") response.setHeader("content-security-policy", policy);
    if (url === "/apply.js") return response.setHeader("content-type", "text/javascript").end(script);
    if (url.endsWith(".gif")) return response.setHeader("content-type", "image/gif").end(PIXEL);
    return response.setHeader("content-type", "text/html; charset=utf-8").end(url === "/" ? body : "<title>elsewhere</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const { page, problems } = await openPage(browser);
  try {
    await page.goto(url);
    const authored = await dom(page);
    const [applied] = await page.evaluate((ad) => globalThis.show(ad), ad);
    await page.waitForTimeout(100);
    await look({ page, url, frame: page.frames()[1], applied, authored, problems, asked });
  } finally {
    await page.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const dom = (page) => page.evaluate(() => document.documentElement.outerHTML);

test("the frame has the ad's size at once, its text and its styles, and the label stands above it", async () => {
  await open({}, async ({ page, frame, applied, problems }) => {
    assert.deepEqual(applied, { about: "p", elements: 1, problem: null });
    const seen = await page.evaluate(() => {
      const host = document.querySelector("#ad > .np-ad");
      const frame = host.shadowRoot.querySelector("iframe");
      const { width, height } = frame.getBoundingClientRect();
      return { size: [host.offsetWidth, host.offsetHeight, width, height], sandbox: frame.getAttribute("sandbox"), above: getComputedStyle(host.shadowRoot.querySelector("a")).backgroundImage, label: host.shadowRoot.querySelector(".label").textContent };
    });
    assert.deepEqual(seen, { size: [300, 250, 300, 250], sandbox: "", above: "none", label: "Ad" });
    const text = await frame.evaluate(() => [document.querySelector("b").textContent, getComputedStyle(document.querySelector("b")).color, document.compatMode, origin]);
    assert.deepEqual(text, ["For Alder & Sons", "rgb(1, 2, 3)", "CSS1Compat", "null"]);
    assert.deepEqual(problems, []);
  });
});

test("nothing moves when its pictures come, and they say to nobody where they stand", async () => {
  await open({}, async ({ page, asked }) => {
    const pictures = () => asked.filter(([path]) => path.endsWith(".gif")).sort();
    await eventually(() => assert.deepEqual(pictures(), [["/dot.gif", undefined], ["/plant.gif", undefined]]));
    assert.equal(await page.evaluate(() => document.querySelector("#below").offsetTop - document.querySelector("#ad").offsetTop >= 250), true);
  });
});

test("the whole creative is one link, by mouse, by keyboard and by voice", async () => {
  await open({ ad: { ...AD, html: `<a href="/inside">inside</a>${HTML}` } }, async ({ page, url }) => {
    const focused = () => page.evaluate(() => [document.activeElement.className, document.activeElement.shadowRoot?.activeElement?.localName]);
    await page.keyboard.press("Tab");
    assert.deepEqual(await focused(), ["np-ad", "a"]);
    await page.keyboard.press("Tab");
    assert.deepEqual(await focused(), ["", undefined], "there is one stop");
    const at = await page.evaluate(() => {
      globalThis.clicks = [];
      document.addEventListener("click", (event) => (globalThis.clicks.push(event.composedPath()[0].localName), event.preventDefault()));
      const { left, top } = document.querySelector("#ad").getBoundingClientRect();
      return [left + 20, top + 8];
    });
    await page.mouse.click(...at);
    assert.deepEqual(await page.evaluate(() => globalThis.clicks), ["a"]);
    const link = await page.evaluate(() => {
      const { href, rel, target } = document.querySelector(".np-ad").shadowRoot.querySelector("a");
      return [href, rel, target];
    });
    assert.deepEqual(link, [`${url}/plants`, "sponsored noopener", "_blank"]);
    const read = await page.locator("#ad").ariaSnapshot();
    assert.match(read, /link "A plant"/);
    assert.doesNotMatch(read, /iframe|inside/);
  });
});

test("no script runs in it, and nothing in it reaches the page, whatever it holds", async () => {
  const html = `<script>parent.ran = 1; top.location = "/gone"</script><img src="x" onerror="parent.ran = 1"><iframe src="javascript:parent.parent.ran = 1"></iframe><form action="/gone"><button autofocus>x</button></form><meta http-equiv="refresh" content="0;url=javascript:parent.ran=1">`;
  await open({ ad: { ...AD, html } }, async ({ page }) => {
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined);
    assert.equal(new URL(page.url()).pathname, "/");
  });
});

const STRICT = "default-src 'none'; script-src 'self'; img-src 'self' data:";
const TYPES = "require-trusted-types-for 'script'";

for (const [name, policy] of [
  ["a page that allows styles in HTML", `${STRICT}; style-src 'unsafe-inline'`],
  ["Trusted Types that know the policy", `${STRICT}; style-src 'unsafe-inline'; ${TYPES}; trusted-types nameplate`],
]) {
  test(`it shows under ${name}`, async () => {
    await open({ policy }, async ({ page, frame, applied, problems }) => {
      assert.equal(applied.problem, null);
      assert.equal(await frame.evaluate(() => getComputedStyle(document.querySelector("b")).color), "rgb(1, 2, 3)");
      assert.deepEqual(problems, []);
      // A second one needs no second policy.
      assert.equal((await page.evaluate((ad) => globalThis.show(ad), { ...AD, html: "<b>two</b>" }))[0].problem, null);
    });
  });
}

for (const [name, policy, problem] of [
  ["forbids styles in HTML", `${STRICT}; style-src 'self'`, /policy forbids styles/],
  ["knows no policy of ours", `${STRICT}; style-src 'unsafe-inline'; ${TYPES}; trusted-types 'none'`, /[Pp]olicy/],
]) {
  test(`the placement stays as it was where the page's policy ${name}`, async () => {
    await open({ policy }, async ({ page, applied, authored }) => {
      assert.match(applied.problem, problem);
      assert.equal(await dom(page), authored);
    });
  });
}

test("a decision that says it again leaves the frame alone, and the last one gives the placement back", async () => {
  await open({}, async ({ page, authored }) => {
    const isSame = await page.evaluate((ad) => {
      const find = () => document.querySelector(".np-ad").shadowRoot.querySelector("iframe");
      const frame = find();
      globalThis.show(ad);
      return find() === frame && frame.isConnected;
    }, AD);
    assert.ok(isSame);
    await page.evaluate(() => globalThis.show(null));
    assert.equal(await dom(page), authored);
  });
});
