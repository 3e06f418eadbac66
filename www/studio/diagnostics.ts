// Mistakes in the sources, as the compiler drew them, with what that means for the page on screen.

import { element } from "./dom.ts";
import type { Diagnostic, ServerState } from "./server.ts";

export function renderDiagnostics(place: HTMLElement, state: ServerState): void {
  const { diagnostics, ok, problem } = state;
  place.hidden = diagnostics.length === 0 && problem === null;
  if (place.hidden) return place.replaceChildren();

  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const head = [count(errors, "error"), count(diagnostics.length - errors, "warning")].filter((text) => text !== "").join(", ");
  place.dataset["ok"] = String(ok);
  place.replaceChildren(
    element(
      "details",
      // Errors need the author's eye; warnings may wait.
      { open: !ok || problem !== null },
      element(
        "summary",
        {},
        element("strong", {}, head === "" ? "Problem" : head),
        element("span", { class: "consequence", "data-testid": "diagnostics-consequence" }, consequence(state)),
      ),
      element(
        "ol",
        {},
        problem !== null && element("li", { class: "error" }, element("pre", {}, problem)),
        ...diagnostics.map(row),
      ),
    ),
  );
}

function consequence({ ok, site }: ServerState): string {
  if (ok) return "The page shows your latest version.";
  return site === null ? "There is no good version yet." : "The page keeps the last good version until they are repaired.";
}

function row({ severity, file, line, column, message, rendered, code }: Diagnostic): HTMLElement {
  return element(
    "li",
    { class: severity, "data-testid": "diagnostic" },
    // The drawing says all of it; without one it must be said here.
    rendered === ""
      ? element("p", {}, element("span", { class: "severity" }, severity), element("code", {}, `${file}:${line}:${column}`), ` ${code}: ${message}`)
      : element("pre", { tabindex: 0, "aria-label": `${severity} in ${file}` }, rendered.trimEnd()),
  );
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
