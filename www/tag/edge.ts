// Pages that arrive personalised: `src/rewrite` has changed them on their way, and left in them what their author wrote. The tag puts
// that back before it shows a decision of its own, in one go, so that nobody sees it, and can then undo everything as ever.

/** Ends what the edge has put into a page. */
export const END = "/np";
/** What the edge has changed of an element: names of attributes, and `+content`, `+before`, `+after`. */
export const EDGE = "data-np-edge";
const WAS = "data-np-was-";

/** Puts back what has come whole: a page may still be on its way. */
export function putBack(document: Document): void {
  for (const element of document.querySelectorAll(`[${EDGE}]:not(template)`)) {
    const changes = (element.getAttribute(EDGE) ?? "").split(" ");
    const template = element.querySelector(`:scope > template[${EDGE}]`);
    const before = beside(element, "previousSibling", END, "np");
    const after = beside(element, "nextSibling", "np", END);
    // What is behind the template says that it is whole.
    const isThere: Record<string, unknown> = { __proto__: null, "+content": template?.nextSibling ?? null, "+before": before, "+after": after };
    if (changes.some((change) => isThere[change] === null)) continue;
    element.removeAttribute(EDGE);
    if (template instanceof HTMLTemplateElement) element.replaceChildren(...template.content.childNodes);
    for (const node of [...(before ?? []), ...(after ?? [])]) node.remove();
    for (const name of changes) {
      if (name === "" || name in isThere) continue;
      const was = element.getAttribute(WAS + name);
      element.removeAttribute(WAS + name);
      if (was === null) element.removeAttribute(name);
      else element.setAttribute(name, was);
    }
  }
}

/** The nodes from a comment that says `first`, right beside the element, to one that says `last`; `null` when they are not there. */
function beside(element: Element, step: "previousSibling" | "nextSibling", first: string, last: string): ChildNode[] | null {
  const nodes: ChildNode[] = [];
  for (let node = element[step]; node !== null; node = node[step]) {
    nodes.push(node as ChildNode);
    const says = node instanceof Comment ? node.data : "";
    if (nodes.length === 1 && says !== first) return null;
    if (nodes.length > 1 && says === last) return nodes;
  }
  return null;
}
