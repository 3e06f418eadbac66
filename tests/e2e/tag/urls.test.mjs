// Ten thousand addresses from a seed: what the compiler lets into a link is to Chromium what it is to us, and to the tag too; what it
// refuses although Chromium would stay on the site is refused for how it is written.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { seeded } from "../../../www/test/seeded.mjs";
import { bundle, launch, openPage } from "../browser.mjs";
import { program, writeSite } from "../web.mjs";

const FILES = 40;
const SLOTS = 250;
const HOSTS = ["www.example.com", "shop.example.com"];
/** Lines of an experience before those of its slots. */
const HEAD_LINES = 6;
/** Read otherwise than it looks, or by some browsers only: letters that browsers drop or fold, `https:x`, `///host`, a host that is a path. */
const STRANGE = /[\s\\\p{Cc}]|^https:(?!\/\/)|^(?:www|shop)\.example\.com(?:[/?#]|$)|^\/{3}|^$/iu;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

function* makeUrls(count) {
  const random = seeded(18);
  const pick = (...all) => all[Math.floor(random() * all.length)];
  const rarely = (...all) => (random() < 0.07 ? pick(...all) : "");
  const odd = () => rarely("\t", "\n", "\r", " ", "\0", "\u0001", "\u001f", "\u007f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\\", "%", "%00", "%0a", "%2f", "@", ":", "[", "|", "^", "ü", "。", "：");
  const cased = (text) => (random() < 0.8 ? text : [...text].map((letter) => pick(letter, letter.toUpperCase())).join(""));
  const host = () => pick(...HOSTS, ...HOSTS, "www.example.com.evil.example.org", "evil.example.org", "www.example.com.", "wwẃ.example.com", "127.1", "[::1]", "");
  const port = () => rarely(":443", ":8443", ":", ":0443", ":x");
  const user = () => rarely("user@", "user:word@", "@", ":@", "www.example.com@", "www.example.com%40");
  const path = () => pick("", "/", "/pricing", "/a/../b", "/%zz", "/a%20b", "/a:b", "//evil.example.org", "/;x") + odd();
  const query = () => pick("", "", "?a=b", "?", "?u=https://evil.example.org/", "?a=b&c=%C3%BC", "#top", "#", "?x#javascript:1") + odd();
  const mail = () => pick("sales", "sales", "first.last+tag", "a%40b", "ä", "") + odd() + pick("@", "@", "@", "@", "") + pick("example.com", "example.com", "sub.example.com", "", "exämple.com");
  const fields = () => pick("", "", "?subject=A%20plan", "?subject=A plan", "?body=Gr%C3%BC%C3%9Fe&cc=b@example.com", "?bcc=b@example.com", "?subject=%0D%0ACc:x", "?subject=%C3", "?body='(a)'", "?") + odd();
  const number = () => pick("+49-30-901820", "112", "(800)555-0100", "*21*112#", "+", "1 2", "１１２") + rarely(";ext=7", ";ext=", ";phone-context=x", "?a=b", "#1") + odd();
  const kinds = [
    () => `${cased(pick("https", "https", "https", "http", "ftp", "wss"))}${odd()}:${odd()}${pick("//", "//", "//", "/", "", "///", "\\\\")}${user()}${host()}${port()}${path()}${query()}`,
    () => `${pick("", "/", "/", "./", "../", "//", "///", "/\\", "?", "#")}${pick("", "pricing", "a/b", "evil.example.org", "www.example.com", "a:b", "javascript:1")}${query()}`,
    () => `${cased("mailto")}${odd()}:${rarely("//")}${mail()}${fields()}`,
    () => `${cased("tel")}${odd()}:${rarely("//")}${number()}`,
    () => `${cased(pick("javascript", "data", "blob", "vbscript", "file", "sms", "about", "view-source", "intent"))}${odd()}:${pick("alert(1)", "text/html,x", "https://www.example.com/", "//www.example.com/")}`,
  ];
  for (let made = 0; made < count; made += 1) yield odd() + pick(...kinds)();
}

/** In quotes that YAML reads. */
const quoted = (text) => JSON.stringify(text).replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Of each, whether the compiler takes it for a link. */
function compiled(urls) {
  const slots = Array.from({ length: SLOTS }, (_, slot) => `  s${slot}: { selector: "#s${slot}" }\n`).join("");
  const files = { "nameplate.yaml": `site: S\nhosts: [${HOSTS[0]}]\nlink_hosts: [${HOSTS[1]}]\naccounts: { file: a.csv, columns: { id: id, name: name } }\nslots:\n${slots}`, "a.csv": "id,name\na,A\n" };
  for (let file = 0; file < FILES; file += 1) {
    const lines = urls.slice(file * SLOTS, (file + 1) * SLOTS).map((url, slot) => `      s${slot}: { attributes: { href: ${quoted(url)} } }\n`);
    files[`experiences/e${file}.yaml`] = `name: e${file}\nwhen: account.known\npriority: ${file + 1}\nvariants:\n  - name: v\n    slots:\n${lines.join("")}`;
  }
  const { folder, clean } = writeSite(files);
  try {
    const { stdout } = spawnSync(program, ["check", "site", "--json"], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
    const errors = JSON.parse(stdout).filter(({ severity }) => severity === "error");
    assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["C006"]);
    const refused = new Set(errors.map(({ file, line }) => Number(/e(\d+)\.yaml$/.exec(file)[1]) * SLOTS + line - HEAD_LINES - 1));
    return urls.map((_, at) => !refused.has(at));
  } finally {
    clean();
  }
}

test("what a link may hold is in Chromium's eyes what it is in ours", async () => {
  const urls = [...makeUrls(FILES * SLOTS)];
  const taken = compiled(urls);
  const { page } = await openPage(browser);
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><a></a>" }));
  await page.goto(`https://${HOSTS[0]}/`);
  await page.evaluate(await bundle(`import { checkHref, checkUrl } from "./tag/url.ts"; Object.assign(globalThis, { checkHref, checkUrl });`));
  const seen = await page.evaluate((urls) => {
    const passes = (check, url) => {
      try {
        return check(url, location.href) === url;
      } catch {
        return false;
      }
    };
    const link = document.querySelector("a");
    return urls.map((url) => {
      link.setAttribute("href", url);
      const { protocol, host, username, password, href } = link;
      return { protocol, host, isNamed: username + password !== "", href, forLinks: passes(globalThis.checkHref, url), forOthers: passes(globalThis.checkUrl, url) };
    });
  }, urls);
  await page.close();

  const counts = { "mailto:": 0, "tel:": 0, "https:": 0, refused: 0 };
  for (const [at, url] of urls.entries()) {
    const { protocol, host, isNamed, href, forLinks, forOthers } = seen[at];
    const says = `${JSON.stringify(url)}: ${JSON.stringify(seen[at])}`;
    const isContact = /^(?:mailto|tel):$/.test(protocol);
    const isSite = protocol === "https:" && HOSTS.includes(host) && !isNamed;
    // The tag knows no list of hosts, and what stands in pictures and redirects is never a contact.
    if (forLinks) assert.ok(isContact || (protocol === "https:" && !isNamed), says);
    if (forOthers) assert.ok(protocol === "https:" && !isNamed, says);
    if (isContact) assert.equal(forLinks, taken[at], says);
    if (!taken[at]) {
      if (isSite) assert.match(url, STRANGE, says);
      counts.refused += 1;
      continue;
    }
    const [held] = /^(?:mailto|tel):/i.exec(url) ?? ["https:"];
    assert.equal(protocol, held.toLowerCase(), says);
    assert.ok(isSite || isContact, says);
    assert.ok(forLinks, says);
    if (isContact) assert.equal(href, protocol + url.slice(protocol.length).replaceAll("'", "%27"), says);
    counts[protocol] += 1;
  }
  for (const [kind, count] of Object.entries(counts)) assert.ok(count >= 150, `${count} of ${kind}`);
});
