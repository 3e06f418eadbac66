// One small application in three frameworks, rendered on a server and hydrated in the browser. Each has two routes, a text with a
// number in it, and a part that can go; `app` in the page turns them.

import { createRequire } from "node:module";
import { bundle } from "../browser.mjs";

const require = createRequire(new URL("../../../www/package.json", import.meta.url));

const ROUTER = `const go = (set) => (route) => { history.pushState(null, "", route); set(route); };`;

const REACT = `
import { createElement as h, Fragment, useState } from "react";
${ROUTER}
export function App() {
  const [route, setRoute] = useState("/"), [count, setCount] = useState(0), [more, setMore] = useState(true);
  globalThis.app = { go: go(setRoute), count: setCount, more: setMore };
  const home = h(Fragment, null, h("h1", null, "Welcome"), h("p", { className: "lead" }, "One screen for ", h("em", null, "all"), " plants ", count, "."));
  return h("main", null, route === "/" ? home : h("h1", { key: "pricing" }, "Prices"), h("a", { id: "cta", href: "/demo" }, "Book " + count), more && h("p", { id: "role" }, "Nice"));
}`;

const VUE = `
import { h, ref } from "vue";
${ROUTER}
export const App = { setup() {
  const route = ref("/"), count = ref(0), more = ref(true);
  globalThis.app = { go: go((to) => (route.value = to)), count: (to) => (count.value = to), more: (to) => (more.value = to) };
  const home = () => [h("h1", { key: "home" }, "Welcome"), h("p", { class: "lead" }, ["One screen for ", h("em", "all"), " plants " + count.value + "."])];
  return () => h("main", [route.value === "/" ? home() : h("h1", { key: "pricing" }, "Prices"), h("a", { id: "cta", href: "/demo" }, "Book " + count.value), more.value ? h("p", { id: "role" }, "Nice") : null]);
} };`;

const SVELTE = `<script>
let route = $state("/"), count = $state(0), more = $state(true);
${ROUTER}
globalThis.app = { go: go((to) => (route = to)), count: (to) => (count = to), more: (to) => (more = to) };
</script>
<main>{#if route === "/"}<h1>Welcome</h1><p class="lead">One screen for <em>all</em> plants {count}.</p>{:else}<h1>Prices</h1>{/if}<a id="cta" href="/demo">Book {count}</a>{#if more}<p id="role">Nice</p>{/if}</main>`;

const root = `document.querySelector("#root")`;
const FRAMEWORKS = {
  React: {
    app: () => REACT,
    server: `import { renderToString } from "react-dom/server"; export const html = renderToString(h(App));`,
    client: `import { hydrateRoot } from "react-dom/client"; hydrateRoot(${root}, h(App), { onRecoverableError() {} });`,
  },
  Vue: {
    app: () => VUE,
    server: `import { createSSRApp } from "vue"; import { renderToString } from "vue/server-renderer"; export const html = await renderToString(createSSRApp(App));`,
    client: `import { createSSRApp } from "vue"; createSSRApp(App).mount(${root});`,
  },
  Svelte: {
    app: (generate) => require("svelte/compiler").compile(SVELTE, { generate, name: "App" }).js.code.replace("export default function App", "export function App"),
    server: `import { render } from "svelte/server"; export const html = render(App).body;`,
    client: `import { hydrate } from "svelte"; hydrate(App, { target: ${root} });`,
  },
};

export const NAMES = Object.keys(FRAMEWORKS);

/** `{ html, script }`: the page as its server sends it, and what hydrates it. */
export async function makeApp(name) {
  const { app, server, client } = FRAMEWORKS[name];
  const define = { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" };
  const rendered = await bundle(`${app("server")}\n${server}`, { define, format: "esm", platform: "node", banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/');" } });
  const { html } = await import(`data:text/javascript;base64,${Buffer.from(rendered).toString("base64")}`);
  delete globalThis.app;
  return { html, script: await bundle(`${app("client")}\n${client}`, { define, platform: "browser", conditions: ["browser"] }) };
}
