// The marketer's preview: choose a visitor, see the page as they do, read why. Wires the parts together; state flows one
// way, from the query through `show` to the page.

import { Nameplate } from "../src/nameplate.ts";
import type { SiteIndex } from "../src/types.ts";
import type { PageMessage } from "../tag/message.ts";
import { accountCombobox } from "./combobox.ts";
import { renderDiagnostics } from "./diagnostics.ts";
import { byId, element } from "./dom.ts";
import { Frame } from "./frame.ts";
import { Marks, type Mark } from "./marks.ts";
import { renderPanel, renderProblem } from "./panel.ts";
import { fetchState, listen } from "./server.ts";
import { frameUrl, readState, START, writeState, type Key, type StudioState } from "./state.ts";

const MORE: Key[] = ["now", "referrer", "query", "language", "visitor"];

let state: StudioState = readState(location.search);
let site: SiteIndex | null = null;
let answer: PageMessage | null = null;
let shownUrl = "";
let refreshes = 0;

const panel = byId("panel");
const form = byId<HTMLFormElement>("visitor");
const pageSelect = byId<HTMLSelectElement>("page");
const outline = byId<HTMLInputElement>("outline");
const live = byId("live");

const frame = new Frame(byId<HTMLIFrameElement>("frame"), byId("canvas"), byId("sheet"), {
  onAnswer(message) {
    answer = message;
    render();
  },
  onSilence() {
    answer = null;
    renderProblem(panel, 'the page did not answer: it needs `<script async src="/np/tag.js"></script>`');
  },
  onLink(page) {
    change({ page });
  },
});
const marks = new Marks(byId("marks"), () => frame.document);
const accounts = accountCombobox(byId<HTMLInputElement>("account"), byId("account-list"), byId("account-clear"), (account) => {
  if (account !== state.account) change({ account });
});

/** Takes new choices over, as a new entry of the history. */
function change(next: Partial<StudioState>): void {
  state = { ...state, ...next };
  history.pushState(null, "", location.pathname + writeState(state));
  show();
}

/** Brings controls and page in line with the state; loads the page only when its visit differs, or `again`. */
function show(again = false): void {
  showControls();
  const url = frameUrl(state);
  byId<HTMLAnchorElement>("open").href = url;
  if (!again && url === shownUrl) return;
  shownUrl = url;
  delete panel.dataset["ready"];
  frame.load(url);
}

function showControls(): void {
  accounts.setValue(state.account);
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")) control.value = state[control.name as Key];
  for (const radio of document.querySelectorAll<HTMLInputElement>("input[type=radio]")) radio.checked = state[radio.name as Key] === radio.value;
  showPages();
  const more = MORE.filter((key) => state[key] !== START[key]).length;
  byId("more-count").hidden = more === 0;
  byId("more-count").textContent = String(more);
  frame.setDevice(state.device);
}

function showPages(): void {
  const path = state.page.split("?", 1)[0] ?? "/";
  const options = [...pageSelect.options].map(({ value }) => value);
  if (!options.includes(path)) pageSelect.append(element("option", { value: path }, path));
  pageSelect.value = path;
}

function render(): void {
  if (answer === null) return;
  const top = panel.scrollTop;
  marks.setHovered(null);
  renderPanel(panel, answer, site, marks);
  panel.scrollTop = top;
  panel.dataset["ready"] = "true";
  outlineChanges();
}

function outlineChanges(): void {
  const decision = answer?.nameplate?.decision;
  const all: Mark[] =
    decision === undefined || !outline.checked || answer?.off
      ? []
      : [...decision.slots.map(({ selector, slot }) => ({ selector, label: slot })), ...decision.ads.map(({ selector, placement }) => ({ selector, label: placement }))];
  marks.setAll(all);
}

/** Reads what the server and the bundle say now, then shows the page again. */
async function refresh(): Promise<void> {
  const mine = ++refreshes;
  try {
    const server = await fetchState();
    if (mine !== refreshes) return;
    byId("site-name").textContent = server.site;
    document.title = server.site === null ? "Nameplate studio" : `${server.site}: Nameplate studio`;
    byId<HTMLInputElement>("ip").placeholder = `yours: ${server.client}`;
    pageSelect.replaceChildren(...server.pages.map((page) => element("option", { value: page }, page)));
    renderDiagnostics(byId("diagnostics"), server);
    live.dataset["generation"] = String(server.generation);
    if (server.site === null) {
      showControls();
      return renderProblem(panel, "the site has errors, and there is no good version of it yet", "Nothing to show");
    }
    const next = await loadSite();
    if (mine !== refreshes) return;
    site = next;
    accounts.setAccounts(site.accounts);
  } catch (error) {
    // A later refresh has newer news, and shows the page itself.
    if (mine !== refreshes) return;
    renderProblem(panel, error instanceof Error ? error.message : String(error));
  }
  show(true);
}

async function loadSite(): Promise<SiteIndex> {
  const [core, bundle] = await Promise.all([fetchBytes("/np/edge.wasm"), fetchBytes("/np/site.npb")]);
  const nameplate = await Nameplate.load(bundle, { module: await WebAssembly.compile(core) });
  const index = nameplate.site();
  nameplate.free();
  return index;
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`\`${url}\` answered with status ${response.status}`);
  return response.arrayBuffer();
}

form.addEventListener("change", ({ target }) => {
  if ((target instanceof HTMLInputElement || target instanceof HTMLSelectElement) && target.name !== "") change({ [target.name]: target.value });
});
form.addEventListener("submit", (event) => event.preventDefault());
for (const radio of document.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
  radio.addEventListener("change", () => change({ [radio.name]: radio.value }));
}
pageSelect.addEventListener("change", () => change({ page: pageSelect.value }));
outline.addEventListener("change", outlineChanges);
byId("reset").addEventListener("click", () => change({ ...START, page: state.page, device: state.device }));
byId("copy").addEventListener("click", async ({ currentTarget }) => {
  const button = currentTarget as HTMLButtonElement;
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copy the address bar";
  }
  setTimeout(() => (button.textContent = "Copy link"), 1600);
});

// The popover closes as a menu does: with Escape, and when the focus or a press goes elsewhere.
const more = byId<HTMLDetailsElement>("more");
document.addEventListener("pointerdown", ({ target }) => {
  if (target instanceof Node && !more.contains(target)) more.open = false;
});
window.addEventListener("blur", () => (more.open = false));
more.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  more.open = false;
  more.querySelector("summary")?.focus();
});

window.addEventListener("popstate", () => {
  state = readState(location.search);
  show();
});
listen(
  () => void refresh(),
  (connected) => {
    live.textContent = connected ? "Live" : "Reconnecting";
    live.dataset["connected"] = String(connected);
  },
);
void refresh();
