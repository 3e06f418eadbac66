// `nameplate/next/page`: what a page that Next.js makes on a server knows of its visitor, and slots that are drawn there.

import { createElement, type ElementType, Fragment, type ReactElement, type ReactNode } from "react";
import type { AppliedChange } from "../../src/index.ts";
import { HEADER, type PageDecision, read } from "./header.ts";

export { type Shown, shownIn } from "./cohort.ts";
export type { PageDecision };

/** What `headers()` of `next/headers` gives, or `request.headers` in `getServerSideProps`. */
export type PageHeaders = Pick<Headers, "get"> | Readonly<Record<string, string | string[] | undefined>>;

/** What is decided for the page's visitor: no account and no slots where `nameplate/next` has said nothing. */
export function decisionOf(headers: PageHeaders): PageDecision {
  const told = typeof headers.get === "function" ? headers.get(HEADER) : (headers as Record<string, unknown>)[HEADER];
  return read(typeof told === "string" ? told : null);
}

export interface SlotProps {
  decision: PageDecision;
  name: string;
  /** The element; `span`. */
  as?: ElementType;
  /** Default. */
  children?: ReactNode;
  /** Attributes of the element. */
  [attribute: string]: unknown;
}

/** A slot as its visitor is to see it, whose Default is its children. */
export function Slot({ decision, name, as = "span", children, ...attributes }: SlotProps): ReactElement {
  const changes = decision.slots.find(({ slot }) => slot === name)?.changes ?? [];
  const props: Record<string, unknown> = { ...attributes };
  let content = children;
  for (const change of changes) {
    if (change.kind === "text") content = change.value;
    else if (change.kind === "html") Object.assign(props, markup(change.value));
    else if (change.kind === "attribute") props[change.name] = change.value;
    else if (change.kind === "class") props["className"] = classes(props["className"], change.name, change.value);
    else if (change.kind === "visible") props["hidden"] = !change.value;
  }
  const element = createElement(as, props, "dangerouslySetInnerHTML" in props ? undefined : content);
  return createElement(Fragment, null, ...beside("before", changes), element, ...beside("after", changes));
}

/** HTML of a bundle was cleaned when it was compiled. */
function markup(html: string) {
  return { dangerouslySetInnerHTML: { __html: html } };
}

function classes(before: unknown, name: string, isOn: boolean): string {
  const others = String(before ?? "").split(/\s+/).filter((one) => one !== "" && one !== name);
  return [...others, ...(isOn ? [name] : [])].join(" ");
}

/** HTML has no element of its own in React: one that takes no part in the layout stands around it. */
function beside(kind: "before" | "after", changes: readonly AppliedChange[]): ReactElement[] {
  const all = changes.flatMap((change) => (change.kind === kind ? [change.value] : []));
  return all.map((html) => createElement("span", { style: { display: "contents" }, ...markup(html) }));
}
