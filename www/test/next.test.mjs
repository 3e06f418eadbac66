// What a page that Next.js makes is told of its visitor, and slots as it draws them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement as h } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { decisionOf, shownIn, Slot } from "../dist/lib/next-page.js";
import { personalise } from "../dist/lib/next.js";

const NOBODY = { account: null, slots: [], cohort: null };

function draw(changes, props = {}) {
  const decision = { ...NOBODY, slots: [{ slot: "title", selector: "#none", experience: "hello", variant: "only", changes }] };
  return renderToStaticMarkup(h(Slot, { decision, name: "title", ...props }, h("b", null, "Default")));
}

test("a page that is told nothing shows Default", () => {
  for (const headers of [new Headers(), {}, { "np-decision": ["a", "b"] }]) assert.deepEqual(decisionOf(headers), NOBODY);
  assert.equal(draw([], { name: "other" }), "<span><b>Default</b></span>");
});

test("what a page is told comes from the headers of any kind of page", () => {
  const told = { account: { id: "a", name: "Müller & Söhne" }, slots: [], cohort: "c" };
  const text = JSON.stringify(told).replaceAll("ü", "\\u00fc").replaceAll("ö", "\\u00f6");
  for (const headers of [new Headers({ "np-decision": text }), { "np-decision": text }]) assert.deepEqual(decisionOf(headers), told);
});

test("a slot is drawn with every kind of change", () => {
  const cases = [
    [[{ kind: "text", value: "<Hello>" }], "<span>&lt;Hello&gt;</span>"],
    [[{ kind: "html", value: "<i>Hello</i>" }], "<span><i>Hello</i></span>"],
    [[{ kind: "text", value: "Go" }, { kind: "attribute", name: "href", value: "/b" }], '<a href="/b" class="x y">Go</a>', { as: "a", href: "/a", className: "x y" }],
    [[{ kind: "class", name: "z", value: true }, { kind: "class", name: "x", value: false }], '<span class="y z"><b>Default</b></span>', { className: "x y" }],
    [[{ kind: "class", name: "z", value: true }], '<span class="z"><b>Default</b></span>'],
    [[{ kind: "visible", value: false }], '<span hidden=""><b>Default</b></span>'],
    [[{ kind: "visible", value: true }], "<span><b>Default</b></span>", { hidden: true }],
    [[{ kind: "after", value: "<p>2</p>" }, { kind: "before", value: "<p>1</p>" }], '<span style="display:contents"><p>1</p></span><span><b>Default</b></span><span style="display:contents"><p>2</p></span>'],
    [[{ kind: "redirect", value: "/b" }], "<span><b>Default</b></span>"],
  ];
  for (const [changes, html, props] of cases) assert.equal(draw(changes, props), html);
});

test("a cohort's page knows what it shows, and nothing of what is no cohort", () => {
  const title = { experience: "hello", variant: "only" };
  assert.deepEqual(shownIn("title.hello.only~cta.test-2.b"), { title, cta: { experience: "test-2", variant: "b" } });
  for (const cohort of ["", "title", "title.hello", "title.hello.only.more", "~", "title..only"]) assert.deepEqual(shownIn(cohort), {}, cohort);
  assert.deepEqual(shownIn("x~title.hello.only"), { title });
});

test("options that cannot be meant are told when a site is set up", () => {
  const good = { bundle: () => new Uint8Array(), clientAddress: "x-forwarded-for=1" };
  assert.equal(typeof personalise(good), "function");
  assert.throws(() => personalise({ ...good, origin: () => new Response() }), /^Error: no option `origin`; there are bundle, clientAddress/);
  assert.throws(() => personalise({ ...good, np: {}, cohorts: { "/": "title" } }), /^Error: expected `cohorts` to be an object of lists of slots/);
  assert.throws(() => personalise({ ...good, cohorts: { "/": ["title"] } }), /^Error: expected `np` beside `cohorts`/);
  assert.equal(typeof personalise({ ...good, np: {}, cohorts: { "/": ["title"] } }), "function");
  assert.throws(() => personalise({ bundle: good.bundle }), /^Error: expected the option `clientAddress`/);
});
