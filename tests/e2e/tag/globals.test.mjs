// Pages whose scripts patch, replace or break what the browser gives to all: old libraries, polyfills, recorders, blockers. Whatever
// they did, the page is complete and nothing of ours is uncaught; the tag works, or stays out and says why.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const gone = (...names) => names.map((name) => `Object.defineProperty(window, "${name}", { value: undefined, configurable: true });`).join("\n");
const WORKS = null;

/** What a page does before the tag comes, and at which step the tag then stays out. */
const PAGES = {
  "Array.prototype has more, as of Prototype": [
    `Object.assign(Array.prototype, { each(f) { this.forEach(f) }, first() { return this[0] }, compact() { return this.filter(Boolean) }, remove(x) { this.splice(this.indexOf(x), 1) }, clone() { return [...this] } });
     Array.prototype.toJSON = function () { return "[" + this.map((one) => JSON.stringify(one)) + "]" }; String.prototype.toJSON = function () { return this };`,
    WORKS,
  ],
  "Array.prototype is written in ECMAScript 5": [
    `Array.from = function (list, map) { var all = []; for (var at = 0; at < list.length; at += 1) all.push(map ? map(list[at], at) : list[at]); return all };
     Array.prototype.includes = function (x) { return this.indexOf(x) >= 0 }; Array.prototype.filter = function (f) { var all = []; for (var at = 0; at < this.length; at += 1) if (f(this[at])) all.push(this[at]); return all };
     Array.prototype.flat = Array.prototype.flatMap = Array.prototype.at = undefined;`,
    "decide",
  ],
  "JSON is replaced": [`window.JSON = { parse: (text) => eval("(" + text + ")"), stringify: (value) => String(value) }`, WORKS],
  "JSON.parse is wrapped, and JSON.stringify throws": [`JSON.parse = ((own) => (text) => own(text))(JSON.parse); JSON.stringify = () => { throw new Error("mine") }`, "decide"],
  "fetch is wrapped by a recorder": [`window.fetch = ((own) => async function (...given) { const answer = await own.apply(this, given); answer.clone().text().catch(() => {}); return answer })(window.fetch)`, WORKS],
  "fetch is a polyfill over XMLHttpRequest": [
    `window.fetch = (url) => new Promise((resolve, reject) => { const request = new XMLHttpRequest(); request.open("GET", url); request.responseType = "arraybuffer";
     request.onload = () => resolve({ ok: request.status === 200, status: request.status, arrayBuffer: () => Promise.resolve(request.response) }); request.onerror = reject; request.send() })`,
    WORKS,
  ],
  "fetch gives a promise of its own kind": [`window.fetch = ((own) => (...given) => { const answer = own(...given); return { then: (f, g) => answer.then(f, g) } })(window.fetch)`, WORKS],
  "Promise is a polyfill": [
    `window.Promise = ((Own) => { function Deferred(run) { this.own = new Own(run) } Deferred.prototype.then = function (f, g) { return Deferred.resolve(this.own.then(f, g)) }; Deferred.prototype.catch = function (g) { return this.then(undefined, g) };
     Deferred.resolve = (value) => new Deferred((resolve) => resolve(value)); Deferred.reject = (error) => new Deferred((_, reject) => reject(error)); Deferred.all = (all) => Deferred.resolve(Own.all(all)); return Deferred })(Promise)`,
    WORKS,
  ],
  "Promise.prototype.then is wrapped, as by zone.js": [`Promise.prototype.then = ((own) => function (f, g) { return own.call(this, f && ((value) => f(value)), g && ((error) => g(error))) })(Promise.prototype.then)`, WORKS],
  "there is no MutationObserver": [gone("MutationObserver"), "runtime"],
  "MutationObserver never tells": [`window.MutationObserver = class { observe() {} disconnect() {} takeRecords() { return [] } }`, WORKS],
  "Element.prototype.remove is somebody else's": [`Element.prototype.remove = function () { throw new Error("mine") }; CharacterData.prototype.remove = function () {}; Element.prototype.replaceWith = undefined`, WORKS],
  "appendChild and insertBefore are wrapped, as by a tag manager": [
    `for (const name of ["appendChild", "insertBefore", "replaceChild"]) Node.prototype[name] = ((own) => function (...given) { return own.apply(this, given) })(Node.prototype[name]); Element.prototype.append = ((own) => function (...given) { return own.apply(this, given) })(Element.prototype.append)`,
    WORKS,
  ],
  "history is frozen": [`Object.freeze(history); Object.freeze(History.prototype)`, WORKS],
  "history is frozen, and there is no Navigation API": [`${gone("navigation")} Object.freeze(history); Object.freeze(History.prototype)`, WORKS],
  "String.prototype is patched": [
    `String.prototype.trim = function () { return this.replace(/^\\s+|\\s+$/g, "") }; String.prototype.includes = function (x) { return this.indexOf(x) > -1 }; String.prototype.startsWith = function (x) { return this.lastIndexOf(x, 0) === 0 };
     String.prototype.padStart = function (length, fill) { let text = String(this); while (text.length < length) text = fill + text; return text }; String.prototype.matchAll = undefined`,
    WORKS,
  ],
  "RegExp.prototype.exec is wrapped": [`RegExp.prototype.exec = ((own) => function (text) { return own.call(this, text) })(RegExp.prototype.exec)`, WORKS],
  "there is no crypto.subtle": [`Object.defineProperty(crypto, "subtle", { value: undefined })`, WORKS],
  "there is no crypto": [gone("crypto"), "decide"],
  "there is no TextEncoder": [gone("TextEncoder", "TextDecoder"), "runtime"],
  "TextEncoder is a polyfill without encodeInto": [`window.TextEncoder = class { encode(text) { return Uint8Array.from(unescape(encodeURIComponent(text)), (letter) => letter.charCodeAt(0)) } }`, WORKS],
  "there is no IntersectionObserver": [gone("IntersectionObserver"), WORKS],
  "there is no sendBeacon": [`Navigator.prototype.sendBeacon = undefined`, WORKS],
  "sendBeacon says no, and fetch throws afterwards": [`Navigator.prototype.sendBeacon = () => false; addEventListener("load", () => setTimeout(() => (window.fetch = () => { throw new Error("mine") }), 1000))`, WORKS],
  "Symbol.iterator of arrays throws": [`Array.prototype[Symbol.iterator] = ((own) => function () { if (new Error().stack.includes("/np/")) throw new Error("mine"); return own.call(this) })(Array.prototype[Symbol.iterator])`, "runtime"],
  "Symbol.iterator of lists of nodes is gone": [`delete NodeList.prototype[Symbol.iterator]`, "decide"],
  "customElements is gone": [gone("customElements"), "runtime"],
  "customElements.define throws": [`CustomElementRegistry.prototype.define = () => { throw new Error("mine") }`, "runtime"],
  "np-slot is the page's": [`customElements.define("np-slot", class extends HTMLElement {})`, WORKS],
  "document.querySelectorAll gives an array": [`document.querySelectorAll = (selector) => Array.from(Document.prototype.querySelectorAll.call(document, selector))`, WORKS],
  "document.querySelectorAll throws": [`document.querySelectorAll = Document.prototype.querySelectorAll = () => { throw new Error("mine") }`, "decide"],
  "Element.prototype.matches is jQuery's": [`Element.prototype.matches = Element.prototype.closest = () => false`, WORKS],
  "there is no performance": [gone("performance"), "consent"],
  "performance.now goes back": [`let at = 1e6; performance.now = () => (at -= 100)`, WORKS],
  "localStorage throws": [`Object.defineProperty(window, "localStorage", { get() { throw new DOMException("", "SecurityError") } })`, WORKS],
  "localStorage is none": [`Object.defineProperty(window, "localStorage", { value: null })`, WORKS],
  "window.onerror swallows": [`window.onerror = () => true; addEventListener("unhandledrejection", (event) => event.preventDefault())`, WORKS],
  "addEventListener is wrapped": [`EventTarget.prototype.addEventListener = ((own) => function (type, heard, options) { return own.call(this, type, (event) => heard.handleEvent?.(event) ?? heard.call(this, event), options) })(EventTarget.prototype.addEventListener)`, WORKS],
  "addEventListener throws": [`EventTarget.prototype.addEventListener = () => { throw new Error("mine") }`, "runtime"],
  "setTimeout is at once": [`window.setTimeout = ((own) => (f) => own(f, 0))(setTimeout)`, "timeout"],
  "setTimeout gives nothing and does nothing": [`window.setTimeout = window.clearTimeout = () => undefined`, WORKS],
  "setTimeout throws": [`window.setTimeout = () => { throw new Error("mine") }`, "runtime"],
  "all prototypes are frozen": [
    `for (const one of [Object, Function, Array, String, Number, Boolean, Symbol, Promise, Error, TypeError, RegExp, Map, Set, WeakMap, WeakSet, ArrayBuffer, Uint8Array, Uint32Array]) { Object.freeze(one.prototype); Object.freeze(one) }`,
    WORKS,
  ],
  "there is no console": [gone("console"), WORKS],
  "the console throws": [`console.debug = console.log = () => { throw new Error("mine") }`, WORKS],
  "the console throws, and the core is not there": [`console.debug = () => { throw new Error("mine") }; window.fetch = () => Promise.reject(new Error("mine"))`, "core"],
  "there is no structuredClone": [gone("structuredClone"), WORKS],
  "there is no AbortController": [gone("AbortController"), "runtime"],
  "there is no queueMicrotask": [gone("queueMicrotask"), WORKS],
  "there is no URL": [gone("URL"), "config"],
  "URL is a polyfill": [`window.URL = ((Own) => function (url, base) { const own = new Own(url, base); return { href: own.href, pathname: own.pathname, protocol: own.protocol, username: own.username, password: own.password, origin: own.origin, toString: () => own.href } })(URL)`, WORKS],
  "there is no CSS": [gone("CSS"), WORKS],
  "there is no Intl": [gone("Intl"), "decide"],
  "Reflect, Map and Set are old polyfills": [`Reflect.get = (from, name) => from[name]; Set.prototype.forEach = Map.prototype.forEach = undefined`, "config"],
  "Object.entries counts what is inherited": [`Object.entries = (from) => { const all = []; for (const name in from) all.push([name, from[name]]); return all }; Object.hasOwn = (from, name) => from[name] !== undefined`, WORKS],
  "getComputedStyle and getAnimations are gone": [`${gone("getComputedStyle")} Document.prototype.getAnimations = undefined`, WORKS],
  "matchMedia is gone": [gone("matchMedia"), "decide"],
  "attachShadow gives closed roots": [`Element.prototype.attachShadow = ((own) => function () { return own.call(this, { mode: "closed" }) })(Element.prototype.attachShadow)`, WORKS],
  "adoptedStyleSheets is refused": [`for (const { prototype } of [Document, ShadowRoot]) Object.defineProperty(prototype, "adoptedStyleSheets", { set() { throw new Error("mine") } })`, WORKS],
  "WebAssembly compiles nothing": [`WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError("mine"))`, "core"],
  "Function.prototype.call and apply are wrapped": [`Function.prototype.apply = ((own) => function (to, given) { return Reflect.apply(own, this, [to, given]) })(Function.prototype.apply)`, WORKS],
};

/** What a page breaks when it has been personalised, before it goes on. */
const LATER = {
  "document.querySelectorAll": `document.querySelectorAll = () => { throw new Error("mine") }`,
  "Element.prototype.matches": `Element.prototype.matches = () => { throw new Error("mine") }`,
  "Element.prototype.replaceChildren": `Element.prototype.replaceChildren = () => { throw new Error("mine") }`,
  "Node.prototype.removeChild": `Node.prototype.removeChild = () => { throw new Error("mine") }`,
  "getSelection": `Document.prototype.getSelection = () => { throw new Error("mine") }`,
  "JSON": `JSON.stringify = JSON.parse = () => { throw new Error("mine") }`,
  "TextEncoder": `TextEncoder.prototype.encode = TextEncoder.prototype.encodeInto = () => { throw new Error("mine") }`,
  "the iterators of arrays": `Array.prototype[Symbol.iterator] = ((own) => function () { if (new Error().stack.includes("/np/")) throw new Error("mine"); return own.call(this) })(Array.prototype[Symbol.iterator])`,
  "Map.prototype.get": `Map.prototype.get = () => { throw new Error("mine") }`,
  "fetch and sendBeacon": `window.fetch = navigator.sendBeacon = () => { throw new Error("mine") }`,
  "Date.now and performance.now": `Date.now = performance.now = () => { throw new Error("mine") }`,
  "dispatchEvent and CustomEvent": `window.CustomEvent = EventTarget.prototype.dispatchEvent = () => { throw new Error("mine") }`,
  "removeEventListener": `EventTarget.prototype.removeEventListener = () => { throw new Error("mine") }`,
  "setTimeout and clearTimeout": `window.setTimeout = window.clearTimeout = () => { throw new Error("mine") }`,
};

const known = authoredOnce();

/** A page of this code, as its author wrote it: the code is all that differs. */
function authoredOnce() {
  let one;
  return async (code) => {
    one ??= authored({ page: () => ({ head: `<script>CODE</script>${TAG}` }) });
    return (await one).split("CODE").join(code);
  };
}

/** Opens a page with this code before the tag; `look` sees it with all that was thrown in it, whoever swallows it. */
async function open(code, look) {
  const thrown = [];
  const prepare = async (page) => {
    await page.exposeFunction("keepThrown", (text) => thrown.push(text));
    await page.addInitScript(() => {
      const { keepThrown } = globalThis;
      addEventListener("error", ({ error, message }) => keepThrown(String(error?.stack ?? message)), true);
      addEventListener("unhandledrejection", ({ reason }) => keepThrown(String(reason?.stack ?? reason)), true);
    });
  };
  const before = await known(code);
  await visit({ prepare, page: () => ({ head: `<script>${code}</script>${TAG}` }) }, async (seen) => {
    await look({ ...seen, before });
    assert.deepEqual([...thrown, ...seen.uncaught], []);
  });
}

for (const [name, [code, step]] of Object.entries(PAGES)) {
  test(name, () =>
    open(code, async ({ page, diagnose, dom, before }) => {
      const { state, failure } = await diagnose();
      if (step === WORKS) {
        assert.deepEqual([state, failure], ["decided", null]);
        assert.equal(await page.locator("#cta").textContent(), "See the plan");
        await page.evaluate(() => history.pushState(null, "", "/pricing"));
        await page.evaluate(() => globalThis.nameplate.stop());
      } else {
        assert.deepEqual([state, failure?.step], ["default", step], JSON.stringify(failure));
      }
      assert.equal(await dom(), before);
    }));
}

for (const [name, code] of Object.entries(LATER)) {
  test(`broken afterwards: ${name}`, () =>
    open("", async ({ page, diagnose }) => {
      assert.equal((await diagnose()).state, "decided");
      await page.evaluate(async (code) => {
        const pause = ((own) => () => new Promise((resolve) => own(resolve, 20)))(setTimeout);
        const fire = ((own) => (target, event) => own.call(target, event))(EventTarget.prototype.dispatchEvent);
        const Own = CustomEvent;
        (0, eval)(code);
        // What makes the tag look again, tell and end.
        const heading = document.createElement("h1");
        heading.append("Anew");
        document.querySelector("h1").replaceWith(heading);
        document.querySelector("#cta").firstChild.data = "Anew";
        await pause();
        history.pushState(null, "", "/pricing");
        for (const type of ["focusout", "selectionchange", "visibilitychange", "click", "pointerdown"]) fire(document, new Own(type, { bubbles: true }));
        for (const type of ["pagehide", "pageshow", "online"]) fire(window, new Own(type));
        globalThis.nameplate.set({ role: "champion" });
        globalThis.nameplate.consent({ measurement: false });
        globalThis.nameplate.consent({ measurement: true });
        globalThis.nameplate.track("signup");
        await pause();
        globalThis.nameplate.stop();
        await pause();
      }, code);
      for (const [selector, text] of [[".lead", "One screen for all plants."], ["#ad", "House notice"], ["#role", "Nice to meet you"]]) {
        if (!/replaceChildren|removeChild|iterators/.test(name)) assert.equal(await page.locator(selector).textContent(), text);
      }
    }));
}
