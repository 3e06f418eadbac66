// What attackers write, as the value of an account and as content, on the whole way from a site's sources to a browser that no policy
// holds back: no script runs, nothing is asked of another host, and the page has no element and no attribute that a harmless value
// would not give it. `tests/it/sanitise.rs` holds the same payloads to what the compiler writes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { bundle, launch, openPage } from "../browser.mjs";
import { startSite, writeSite } from "../web.mjs";

const { html: HTML, words: WORDS, urls: URLS } = JSON.parse(readFileSync(new URL("../../payloads.json", import.meta.url), "utf8"));
const PAYLOADS = [...HTML, ...WORDS, ...URLS];
const HARMLESS = "Alder Bank";
const FRAMES = 36;
const TAG = '<script async src="/np/tag.js" data-np-consent="granted" data-np-timeout="30000"';
const PIXEL = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");

const document_ = (head, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">${head}<body>${body}`;
/** In quotes that YAML reads. */
const quoted = (text) => JSON.stringify(text).replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
const settings = (slots, more = "") => `site: S\nhosts: [www.example.com]\naccounts: { file: a.csv, columns: { id: id, name: name } }\nslots:\n${slots}${more}`;
const PLACEMENT = `networks: n.csv\nplacements:\n  ad: { selector: "#ad", sizes: [300x250], label: Advertisement }\n`;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** A page that tells what an attack would have done: dialogs, other hosts, other pages, what a policy would have stopped. */
async function watch(url) {
  const { page, uncaught } = await openPage(browser);
  const done = [];
  page.on("dialog", (dialog) => {
    done.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:,")) done.push(`a request: ${request.url()}`);
  });
  page.on("console", (message) => /policy/i.test(message.text()) && done.push(message.text()));
  page.on("popup", (popup) => done.push(`a window: ${popup.url()}`));
  await page.addInitScript(`globalThis.shape = ${shape}`);
  return { page, uncaught, done };
}

/** Reports what a page without `unsafe-inline` would not have run, and runs it. */
const REPORTING = { "content-security-policy-report-only": "script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; frame-src 'self'; report-uri /report" };

/** For pages: an element with all that is in it, by names alone; shadow roots too. */
function shape(element) {
  const attributes = [...element.attributes].map(({ name }) => name).sort();
  return [element.localName, attributes, [...element.children, ...(element.shadowRoot?.children ?? [])].map(shape)];
}

const VALUE = "{{account.name | x}}";
const CONTEXTS = {
  text: `{ text: "Hello ${VALUE}" }`,
  html: `{ html: '<p class="c" title="${VALUE}">${VALUE} <a href="/a?b=${VALUE}">x</a> <img src="/p.gif?b=${VALUE}" alt="${VALUE}"></p>' }`,
  attribute: `{ attributes: { title: "${VALUE}", aria-label: "${VALUE}", data-x: "${VALUE}" } }`,
  href: `{ attributes: { href: "/a?b=${VALUE}" } }`,
  src: `{ image: { src: "/p.gif?b=${VALUE}", alt: "${VALUE}" } }`,
};
const ELEMENTS = `<h1 id="text">t</h1><div id="html">h</div><p id="attribute">a</p><a id="href" href="/">l</a><img id="src" src="/p.gif" alt=""><aside id="ad">d</aside>`;

test("as an account's name, in text, html, attributes, links, pictures and ads", async () => {
  const names = [HARMLESS, ...PAYLOADS];
  const prefix = (at) => `9.${at >> 8}.${at & 255}`;
  const files = {
    "nameplate.yaml": settings(Object.keys(CONTEXTS).map((name) => `  ${name}: { selector: "#${name}" }\n`).join(""), PLACEMENT),
    "a.csv": `id,name\n${names.map((name, at) => `a${at},"${name.replaceAll('"', '""')}"\n`).join("")}`,
    "n.csv": `prefix,account,confidence,source\n${names.map((_, at) => `${prefix(at)}.0/24,a${at},90,S\n`).join("")}`,
    "experiences/all.yaml": `name: all\nwhen: account.known\npriority: 500\nvariants:\n  - name: only\n    slots:\n${Object.entries(CONTEXTS).map(([name, content]) => `      ${name}: ${content}\n`).join("")}`,
    "ads/all.yaml": `name: ad\nwhen: account.known\nplacements: [ad]\npriority: 1\ncreatives: [{ name: c, size: 300x250, link: "/a?b=${VALUE}", image: /p.gif, alt: "${VALUE}", headline: "${VALUE}", body: "${VALUE}", cta: "${VALUE}" }]\n`,
  };
  const page = (pathname) => {
    const [, kind, number] = pathname.split("/");
    if (kind === "one") return { headers: REPORTING, body: document_(`${TAG} data-np-slice="slice?of=${number}"></script>`, ELEMENTS) };
    if (kind === "many") return { body: document_("", names.slice(number * FRAMES, (Number(number) + 1) * FRAMES).map((_, at) => `<iframe src="/one/${number * FRAMES + at}" width=400 height=400></iframe>`).join("")) };
    return { type: "image/gif", body: PIXEL };
  };
  const site = await startSite(files, { page, address: (url) => `${prefix(url.searchParams.get("of") ?? 0)}.7` });
  const { page: tab, uncaught, done } = await watch(site.url);
  try {
    let harmless;
    for (let number = 0; number * FRAMES < names.length; number += 1) {
      await tab.goto(`${site.url}/many/${number}`);
      await tab.waitForFunction(() => [...document.querySelectorAll("iframe")].every(({ contentWindow }) => contentWindow.nameplate?.diagnose?.().state === "decided"), null, { timeout: 30_000 });
      await tab.waitForTimeout(50);
      const seen = await tab.evaluate(() =>
        [...document.querySelectorAll("iframe")].map(({ contentDocument: document, contentWindow }) => {
          const ad = document.querySelector(".np-ad").shadowRoot;
          const links = [document.querySelector("#href"), document.querySelector("#html a"), ad.querySelector("a"), document.querySelector("#src"), document.querySelector("#html img")];
          return {
            shape: globalThis.shape(document.body),
            text: document.querySelector("#text").textContent,
            texts: [document.querySelector("#html p").title, document.querySelector("#attribute").title, document.querySelector("#attribute").dataset.x, document.querySelector("#src").alt, ad.querySelector(".headline").textContent, ad.querySelector(".cta").textContent],
            links: links.map((link) => new URL(link.href ?? link.src)).map(({ origin, pathname, searchParams, hash }) => [origin, pathname, [...searchParams], hash]),
            problems: contentWindow.nameplate.diagnose().applied.filter(({ problem }) => problem !== null),
          };
        }),
      );
      for (const [at, one] of seen.entries()) {
        const name = names[number * FRAMES + at];
        harmless ??= JSON.stringify(one.shape);
        assert.equal(JSON.stringify(one.shape), harmless, JSON.stringify(name));
        // Everywhere the same text, and no more than a value where it stands in an address.
        const shown = one.text.slice("Hello ".length);
        assert.equal(shown, name.trim());
        assert.deepEqual(new Set(one.texts), new Set([shown]), JSON.stringify(name));
        const link = (path) => [site.url, path, [["b", shown]], ""];
        assert.deepEqual(one.links, [link("/a"), link("/a"), link("/a"), link("/p.gif"), link("/p.gif")], JSON.stringify(name));
        assert.deepEqual(one.problems, []);
      }
    }
    assert.deepEqual(done, []);
    assert.deepEqual(uncaught, []);
  } finally {
    await tab.close();
    await site.stop();
  }
});

/** What content can be: by its context, for a slot or for an ad. `srcset` and addresses take no text. */
const CONTENTS = {
  text: (payload) => `{ text: ${payload} }`,
  html: (payload) => `{ html: ${payload} }`,
  attribute: (payload) => `{ attributes: { title: ${payload}, data-x: ${payload} } }`,
  href: (payload) => `{ attributes: { href: ${payload} } }`,
  src: (payload) => `{ attributes: { src: ${payload} } }`,
  srcset: (payload) => `{ attributes: { srcset: ${payload} } }`,
};
/** The elements of those that take addresses. */
const TAGS = { href: "a", src: "img", srcset: "img" };
const NAMES = /^(align|alt|char|charoff|cite|class|colspan|data-slot|data-x|datetime|dir|headers|height|href|hreflang|id|lang|open|rel|reversed|role|rowspan|scope|size|span|src|srcset|start|summary|title|type|valign|width|aria-[a-z]+)$/;

for (const [context, content] of Object.entries(CONTENTS)) {
  test(`as content: ${context}`, async () => {
    // A token would be somebody's name, or a mistake.
    const payloads = PAYLOADS.filter((payload) => !payload.includes("{{"));
    const experience = (payload, at) => `name: e${at}\nwhen: account.known\npriority: 500\nvariants: [{ name: v, slots: { s${at}: ${content(quoted(payload))} } }]\n`;
    const files = {
      "nameplate.yaml": settings(payloads.map((_, at) => `  s${at}: { selector: "[data-slot='${at}']" }\n`).join("")),
      "a.csv": `id,name\na,${HARMLESS}\n`,
      ...Object.fromEntries(payloads.map((payload, at) => [`experiences/e${at}.yaml`, experience(payload, at)])),
    };
    const { refused, slice } = sliceOf(files);
    // White space ends an address in a `srcset`: what is behind it is no part of one.
    const isAddress = (payload) => URLS.includes(payload) && !(context === "srcset" && /[\s,]/.test(payload));
    if (context in TAGS) for (const [at, payload] of payloads.entries()) assert.ok(refused.has(at) || !isAddress(payload), payload);
    const tag = TAGS[context] ?? "div";
    const body = payloads.map((_, at) => `<${tag} data-slot="${at}">${tag === "img" ? "" : `</${tag}>`}`).join("");
    const page = () => ({ headers: REPORTING, body: document_(`<script type="application/octet-stream" id="np-slice">${slice.toString("base64")}</script>${TAG}></script>`, body) });
    const site = await startSite({ "nameplate.yaml": settings("  a: { selector: b }\n"), "a.csv": "id,name\na,A\n" }, { page, address: () => "192.0.2.1" });
    const { page: tab, uncaught, done } = await watch(site.url);
    try {
      await tab.goto(site.url);
      await tab.waitForFunction(() => !["loading", undefined].includes(globalThis.nameplate?.diagnose?.().state));
      await tab.waitForTimeout(100);
      const { state, failure, applied } = await tab.evaluate(() => globalThis.nameplate.diagnose());
      assert.deepEqual([state, failure], ["decided", null]);
      assert.equal(applied.length + refused.size, payloads.length);
      const found = await tab.evaluate(() =>
        [...document.querySelectorAll("[data-slot], [data-slot] *")].map((element) => ({
          element: element.localName,
          attributes: [...element.attributes].map(({ name }) => name),
          urls: ["href", "src", "cite"].flatMap((name) => (element.hasAttribute(name) ? [new URL(element.getAttribute(name), location.href).href] : [])),
        })),
      );
      for (const { element, attributes, urls } of found) {
        assert.doesNotMatch(element, /^(script|style|iframe|frame|object|embed|svg|math|form|input|button|select|textarea|base|meta|link|template|video|audio|picture|source|np-slot)$|-/);
        for (const name of attributes) assert.match(name, NAMES);
        for (const address of urls) assert.match(address, new RegExp(`^(${site.url}/|https://www\\.example\\.com/)`));
      }
      if (context !== "html") assert.equal(found.length, payloads.length, "no element more than the page's own");
      assert.deepEqual([done.filter((one) => !one.includes("https://www.example.com/")), uncaught], [[], []]);
    } finally {
      await tab.close();
      await site.stop();
    }
  });
}

/** The slice of sources, without the experiences that the compiler refuses: which they were, and that nothing else is refused. */
function sliceOf(files) {
  const check = writeSite(files);
  let refused;
  try {
    refused = new Set(diagnosed(check).map(({ severity, file }) => (severity === "error" ? file : "")).filter(Boolean).map((file) => Number(/^experiences\/e(\d+)\.yaml$/.exec(file)[1])));
  } finally {
    check.clean();
  }
  const site = writeSite(Object.fromEntries(Object.entries(files).filter(([name]) => !refused.has(Number(/e(\d+)\.yaml$/.exec(name)?.[1])))));
  try {
    site.run("build", "site", "-o", "site.npb");
    site.run("slice", "site.npb", "--account", "a", "-o", "slice.npb");
    return { refused, slice: readFileSync(`${site.folder}/slice.npb`) };
  } finally {
    site.clean();
  }
}

/** What the program says of sources; it ends with 1 when there are errors. */
function diagnosed({ run }) {
  try {
    return JSON.parse(run("check", "site", "--json"));
  } catch (error) {
    return JSON.parse(error.stdout);
  }
}

/** Of a payload that reached the tag as it is written, in a slice of somebody else's making. */
test("as a decision that nobody has checked", async () => {
  const script = await bundle(`import { applyDecision } from "./tag/apply.ts"; globalThis.applyDecision = applyDecision;`);
  const { page: tab, uncaught, done } = await watch("https://www.tidewater.example/");
  try {
    await tab.route("**/*", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", headers: REPORTING, body: document_("", "") }));
    await tab.goto("https://www.tidewater.example/");
    // A trap that nothing can fall into is no trap.
    await tab.evaluate(() => (document.body.innerHTML = "<img src=x: onerror=alert(1)>"));
    await tab.waitForTimeout(100);
    assert.ok(done.splice(0).some((one) => one.startsWith("a dialog")));
    await tab.evaluate(script);
    const shown = await tab.evaluate((payloads) => {
      const contexts = {
        html: (value) => [{ kind: "html", value }],
        inside: (value) => [{ kind: "html", value: `<p title="${value}">x</p>` }],
        href: (value) => [{ kind: "attribute", name: "href", value }],
        src: (value) => [{ kind: "attribute", name: "src", value }],
        srcset: (value) => [{ kind: "attribute", name: "srcset", value: `/a 1x, ${value} 2x` }],
        name: (value) => [{ kind: "attribute", name: value, value: "alert(1)" }],
      };
      const shown = [];
      for (const [context, changes] of Object.entries(contexts)) {
        for (const value of payloads) {
          document.body.innerHTML = "<a class=a>authored</a>";
          globalThis.applyDecision(document, { slots: [{ slot: "s", selector: ".a", experience: "e", variant: "v", changes: changes(value) }], ads: [] });
          const element = document.querySelector(".a");
          for (const one of [element, ...element.querySelectorAll("*")]) {
            if (/^(script|style|iframe|object|embed|svg|math|form|input|base|meta|link|template)$/.test(one.localName)) shown.push([context, value, one.localName]);
            for (const { name } of one.attributes) if (/^(on|style$|id$|name$|srcdoc$|formaction$|is$)/.test(name)) shown.push([context, value, name]);
            for (const name of ["href", "src", "cite"]) {
              const { protocol } = new URL(one.getAttribute(name) ?? "", "https://www.tidewater.example/");
              if (protocol !== "https:") shown.push([context, value, protocol]);
            }
          }
        }
      }
      return shown;
    }, PAYLOADS);
    assert.deepEqual(shown, []);
    // Hosts are the compiler's to know: the tag alone cannot tell the site's from another.
    assert.deepEqual([done.filter((one) => !/^a request: https:/.test(one)), uncaught], [[], []]);
  } finally {
    await tab.close();
  }
});
