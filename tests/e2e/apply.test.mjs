// Applies decisions to documents in a real browser, under the strictest policy a page can have: own scripts only, own styles
// only, Trusted Types required and no policy allowed. Values are hostile; the page must not execute or lose anything.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bundle, launch, openPage } from "./browser.mjs";

const ORIGIN = "https://www.tidewater.example";
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
const PIXEL = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");

let browser;
let script;

before(async () => {
  script = await bundle(`import { applyDecision } from "./tag/apply.ts"; globalThis.applyDecision = applyDecision;`);
  browser = await launch();
});

after(() => browser?.close());

/** Applies `decision` to a page with `body`; `look` runs in the page afterwards. */
async function check(body, decision, look) {
  const { page, problems } = await openPage(browser);
  try {
    await page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") {
        return route.fulfill({
          contentType: "text/html; charset=utf-8",
          headers: { "content-security-policy": POLICY },
          body: `<!doctype html><title>t</title><script src="/apply.js"></script><body>${body}`,
        });
      }
      if (pathname === "/apply.js") return route.fulfill({ contentType: "text/javascript", body: script });
      if (pathname.endsWith(".gif")) return route.fulfill({ contentType: "image/gif", body: PIXEL });
      return route.fulfill({ status: 404, body: "" });
    });
    await page.goto(`${ORIGIN}/`);
    const authored = await page.evaluate(() => document.body.innerHTML);
    const applied = await page.evaluate((decision) => globalThis.applyDecision(document, decision), {
      slots: [],
      ads: [],
      ...decision,
    });
    await page.waitForTimeout(30);
    const now = await page.evaluate(() => document.body.innerHTML);
    const seen = look === undefined ? undefined : await page.evaluate(look);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined, "a script of a value has run");
    return { applied, authored, now, seen, problems: problems.filter((text) => !/404/.test(text)) };
  } finally {
    await page.close();
  }
}

const slot = (selector, ...changes) => ({ slots: [{ slot: "s", selector, experience: "e", variant: "v", changes }] });
const text = (value) => ({ kind: "text", value });
const html = (value) => ({ kind: "html", value });
const attribute = (name, value) => ({ kind: "attribute", name, value });

const AD = {
  placement: "p",
  selector: "#ad",
  label: "Advertisement",
  lineItem: "l",
  creative: "c",
  width: 300,
  height: 250,
  link: `${ORIGIN}/plants`,
  alt: "A plant",
  image: "/plant.gif",
  headline: null,
  body: null,
  cta: null,
  html: null,
};

test("text, html and attributes change what they should, without a policy violation", async () => {
  const { applied, now, problems } = await check(
    `<h1>Old</h1><p class=lead>Old</p><a class=cta href="/demo">Old</a><img src="/a.gif" alt="a">`,
    {
      slots: [
        { slot: "title", selector: "h1", changes: [text("Furnaces & <mills>")] },
        { slot: "lead", selector: ".lead", changes: [html(`All <strong>in one</strong> view &amp; more&nbsp;<a href="/x?a=1&amp;b=2" rel="noopener">link</a><br>end`)] },
        { slot: "cta", selector: ".cta", changes: [text("See"), attribute("href", "/pricing?from=a"), attribute("aria-label", "See it")] },
        { slot: "image", selector: "img", changes: [attribute("src", "/b.gif"), attribute("alt", "b")] },
      ],
    },
  );
  assert.deepEqual(applied, ["title", "lead", "cta", "image"].map((about) => ({ about, elements: 1, problem: null })));
  assert.equal(
    now,
    `<h1>Furnaces &amp; &lt;mills&gt;</h1><p class="lead">All <strong>in one</strong> view &amp; more&nbsp;<a href="/x?a=1&amp;b=2" rel="noopener">link</a><br>end</p>` +
      `<a class="cta" href="/pricing?from=a" aria-label="See it">See</a><img src="/b.gif" alt="b">`,
  );
  assert.deepEqual(problems, []);
});

for (const value of [
  `<script>globalThis.ran = 1</script>`,
  `<img src="x.gif" onerror="globalThis.ran=1">`,
  `<img src=x onerror=globalThis.ran=1>`,
  `<a href="javascript:globalThis.ran=1">x</a>`,
  `<a href="java&#10;script:globalThis.ran=1">x</a>`,
  `<a href="&#1;javascript:globalThis.ran=1">x</a>`,
  `<a href="data:text/html,<script>1</script>">x</a>`,
  `<svg onload="globalThis.ran=1"></svg>`,
  `<iframe srcdoc="<script>parent.ran=1</script>"></iframe>`,
  `<math><mi></mi></math>`,
  `<style>body{display:none}</style>`,
  `<base href="https://evil.example/">`,
  `<p style="position:fixed">x</p>`,
  `<form action="https://evil.example/"><input name="q"></form>`,
  `<p id="x" name="y">clobber</p>`,
  `<p>never closed`,
  `<b><i>crossed</b></i>`,
  `</div><p>x</p>`,
  `<!--`,
  `<`,
  `<p`,
  `${"<b>".repeat(100)}${"</b>".repeat(100)}`,
]) {
  test(`html is refused and the slot stays as authored: ${value.slice(0, 48)}`, async () => {
    const { applied, authored, now, problems } = await check(`<div class=a data-x=1><b onclick="1">kept</b> text</div>`, slot(".a", html(value)));
    assert.equal(applied[0].elements, 0);
    assert.equal(typeof applied[0].problem, "string");
    assert.equal(now, authored);
    assert.deepEqual(problems.filter((problem) => !/script-src/.test(problem)), []);
    const beside = await check(`<div class=a>kept</div>`, slot(".a", { kind: "class", name: "b", value: true }, { kind: "after", value: "<p>fine</p>" }, { kind: "before", value }));
    assert.equal(typeof beside.applied[0].problem, "string");
    assert.equal(beside.now, beside.authored);
  });
}

for (const name of ["", "two words", "a\tb"]) {
  test(`a class that is not one name is refused: ${JSON.stringify(name)}`, async () => {
    const { applied, authored, now } = await check(`<p>Old</p>`, slot("p", text("New"), { kind: "class", name, value: true }));
    assert.equal(typeof applied[0].problem, "string");
    assert.equal(now, authored);
  });
}

for (const [name, value] of [
  ["href", "javascript:globalThis.ran=1"],
  ["href", "\u0001javascript:globalThis.ran=1"],
  ["href", "java\tscript:globalThis.ran=1"],
  ["href", "/\\evil.example"],
  ["href", "https://user@evil.example/"],
  ["href", "http://evil.example/"],
  ["href", "//["],
  ["src", "data:image/svg+xml,x"],
  ["srcset", "/a.gif 1x, javascript:1 2x"],
  ["onclick", "globalThis.ran=1"],
  ["style", "display:none"],
  ["srcdoc", "<p>"],
  ["id", "x"],
  ["name", "location"],
  ["formaction", "/x"],
  ["target", "_top"],
  ["type", "x"],
  ["aria-", "x"],
  ["data-x y", "x"],
]) {
  test(`an attribute is refused and undone: ${name}=${JSON.stringify(value)}`, async () => {
    const { applied, authored, now } = await check(`<a href="/old">Old</a>`, slot("a", text("New"), attribute("title", "new"), attribute(name, value)));
    assert.equal(typeof applied[0].problem, "string");
    assert.equal(now, authored);
  });
}

test("one bad slot leaves the others personalised", async () => {
  const { applied, now } = await check(`<h1>Old</h1><p>Old</p>`, {
    slots: [
      { slot: "bad", selector: "h1", changes: [html("<script></script>")] },
      { slot: "worse", selector: "h1[", changes: [text("x")] },
      { slot: "unknown", selector: "h1", changes: [{ kind: "script", value: "x" }] },
      { slot: "good", selector: "p", changes: [text("New")] },
    ],
  });
  assert.deepEqual(applied.map(({ elements }) => elements), [0, 0, 0, 1]);
  assert.equal(now, `<h1>Old</h1><p>New</p>`);
});

test("a slot without elements is no problem", async () => {
  const { applied, authored, now } = await check(`<h1>Old</h1>`, slot("#gone", text("x")));
  assert.deepEqual(applied, [{ about: "s", elements: 0, problem: null }]);
  assert.equal(now, authored);
});

test("a slot with several elements changes them all, or none", async () => {
  const good = await check(`<p>1</p><p>2</p><p>3</p>`, slot("p", text("New")));
  assert.equal(good.applied[0].elements, 3);
  assert.equal(good.now, `<p>New</p><p>New</p><p>New</p>`);
  const far = await check(`<p></p>`.repeat(65), slot("p", text("New")));
  assert.equal(far.applied[0].elements, 0);
  assert.equal(far.now, far.authored);
});

for (const tag of ["script", "style", "template", "noscript"]) {
  test(`a selector that hits <${tag}> is refused`, async () => {
    const { applied, authored, now } = await check(`<${tag} class=a></${tag}>`, slot(".a", text("globalThis.ran = 1")));
    assert.match(applied[0].problem, /selector matches/);
    assert.equal(now, authored);
  });
}

test("the page's body and root are refused", async () => {
  for (const selector of ["body", "html", "*"]) {
    const { applied, authored, now } = await check(`<p>Old</p>`, slot(selector, text("x")));
    assert.match(applied[0].problem, /selector matches/);
    assert.equal(now, authored);
  }
});

test("a picture that cannot be loaded gives the authored one back", async () => {
  const { now, authored } = await check(`<img src="/a.gif" alt="a">`, slot("img", attribute("src", "/missing.png"), attribute("alt", "b")));
  assert.equal(now, authored);
});

test("an authored node that was taken out comes back itself, with its listeners", async () => {
  const { seen } = await check(`<div class=a><button>b</button></div>`, {}, () => {
    const button = document.querySelector("button");
    const change = [{ kind: "text", value: "x" }, { kind: "attribute", name: "onclick", value: "1" }];
    globalThis.applyDecision(document, { slots: [{ slot: "s", selector: ".a", changes: change }], ads: [] });
    return document.querySelector("button") === button;
  });
  assert.equal(seen, true);
});

test("an image creative is one sponsored link of its size, with its label", async () => {
  const { applied, seen, problems } = await check(`<aside id=ad>authored</aside>`, { ads: [AD] }, () => {
    const host = document.querySelector("#ad > .np-ad");
    const link = host.shadowRoot.querySelector("a");
    const image = link.querySelector("img");
    const { width, height } = host.getBoundingClientRect();
    return {
      size: [width, height],
      link: [link.href, link.rel, link.target],
      image: [image.getAttribute("src"), image.alt, image.width, image.height],
      label: host.shadowRoot.querySelector(".label").textContent,
    };
  });
  assert.deepEqual(applied, [{ about: "p", elements: 1, problem: null }]);
  assert.deepEqual(seen, {
    size: [300, 250],
    link: [`${ORIGIN}/plants`, "sponsored noopener", "_blank"],
    image: ["/plant.gif", "A plant", 300, 250],
    label: "Advertisement",
  });
  assert.deepEqual(problems, []);
});

for (const [width, height] of [[300, 250], [728, 90], [300, 600]]) {
  test(`a text creative fits ${width}x${height}, before and after its picture has loaded`, async () => {
    const ad = { ...AD, width, height, headline: "ArcelorMittal plants on one screen, every line and every shift", body: "Eleven hidden hours of downtime a month, found in the first week.", cta: "See how" };
    for (const image of [null, "/plant.gif", "/missing.png"]) {
      const { seen, problems } = await check(`<aside id=ad>authored</aside>`, { ads: [{ ...ad, image }] }, () => {
        const host = document.querySelector("#ad > .np-ad");
        const box = host.getBoundingClientRect();
        const outside = [...host.shadowRoot.querySelectorAll(".headline, .body, .cta, .label")].filter((part) => {
          const { left, right, top, bottom } = part.getBoundingClientRect();
          return left < box.left || right > box.right || top < box.top || bottom > box.bottom;
        });
        return { size: [box.width, box.height], outside: outside.map(({ className }) => className), text: host.shadowRoot.querySelector(".headline").textContent };
      });
      assert.deepEqual(seen, { size: [width, height], outside: [], text: ad.headline });
      assert.deepEqual(problems, []);
    }
  });
}

for (const [name, wrong] of [
  ["a script as link", { link: "javascript:globalThis.ran=1" }],
  ["a script as image", { image: "javascript:globalThis.ran=1" }],
  ["no size", { width: 0 }],
  ["a size that is no number", { width: "300px" }],
  ["nothing to show", { image: null }],
  ["a missing picture", { image: "/missing.png" }],
]) {
  test(`an ad with ${name} leaves the placement as authored`, async () => {
    const { authored, now } = await check(`<aside id=ad><p>authored</p></aside>`, { ads: [{ ...AD, ...wrong }] });
    assert.equal(now, authored);
  });
}

test("only the first of two placements gets the ad", async () => {
  const { seen } = await check(`<i class=ad></i><i class=ad>second</i>`, { ads: [{ ...AD, selector: ".ad" }] }, () => [
    document.querySelectorAll(".np-ad").length,
    document.querySelectorAll(".ad")[1].textContent,
  ]);
  assert.deepEqual(seen, [1, "second"]);
});

test("the page's own styles do not reach a creative", async () => {
  const { seen } = await check(`<aside id=ad></aside>`, { ads: [{ ...AD, image: null, headline: "Words", cta: "Go" }] }, () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { color: red !important; display: none } a { text-decoration: underline } #ad, #ad > *, body, html { display: block }");
    document.adoptedStyleSheets = [sheet];
    const { color, display } = getComputedStyle(document.querySelector(".np-ad").shadowRoot.querySelector(".cta"));
    return [color, display];
  });
  assert.deepEqual(seen, ["rgb(16, 34, 47)", "flex"]);
});
