// One creative as an element of exactly its size, ready before anything has loaded, so that the page does not move.
//
// It lives in a shadow root, because the page's own styles for links, headings and images must not reach an ad and the
// ad's must not reach the page. Styles come in as a constructed sheet and sizes through CSSOM: both are allowed under
// `style-src 'self'`.

import type { Ad } from "../src/types.ts";
import { AD_STYLES } from "./ad-styles.ts";
import { buildFrame } from "./frame.ts";
import { checkUrl } from "./url.ts";

const SIZE_MAX = 4096;

/** The creative; `restore` is called when its picture cannot be loaded. Throws when the ad is not safe to show. */
export function buildAd(document: Document, ad: Ad, restore: () => void): HTMLElement {
  const [width, height] = [readSize(ad.width), readSize(ad.height)];
  const host = document.createElement("div");
  host.className = "np-ad";
  host.dataset["npCreative"] = ad.creative;
  host.style.width = `${width}px`;
  host.style.height = `${height}px`;
  host.style.maxWidth = "100%";

  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [styleSheet()];
  const link = document.createElement("a");
  link.href = checkUrl(ad.link, document.baseURI);
  link.target = "_blank";
  link.rel = "sponsored noopener";
  link.className = `ad ${shape(width, height)}`;
  root.append(link);

  if (ad.html !== null) fillFrame(document, link, ad, ad.html);
  else if (ad.headline !== null) fillText(document, link, ad);
  else if (ad.image !== null) link.append(picture(document, ad.image, ad.alt, width, height, "image", restore));
  else throw new Error("a creative with nothing to show");

  if (ad.label) root.append(textElement(document, "span", "label", ad.label));
  return host;
}

/** The link lies over the frame: what is clicked in a frame no page hears of, so the whole creative is the link. */
function fillFrame(document: Document, link: HTMLAnchorElement, ad: Ad, html: string): void {
  link.setAttribute("aria-label", ad.alt);
  link.classList.add("over");
  link.before(buildFrame(document, html));
}

function fillText(document: Document, link: HTMLAnchorElement, ad: Ad): void {
  if (ad.image !== null) {
    // Decoration behind the words: without it the creative is still whole.
    const backdrop = picture(document, ad.image, "", ad.width, ad.height, "backdrop", () => backdrop.remove());
    link.classList.add("with-backdrop");
    link.append(backdrop);
  }
  const words = document.createElement("span");
  words.className = "words";
  words.append(textElement(document, "span", "headline", ad.headline ?? ""));
  if (ad.body) words.append(textElement(document, "span", "body", ad.body));
  link.append(words);
  if (ad.cta) link.append(textElement(document, "span", "cta", ad.cta));
}

function picture(
  document: Document,
  src: string,
  alt: string,
  width: number,
  height: number,
  className: string,
  onError: () => void,
): HTMLImageElement {
  const image = document.createElement("img");
  image.className = className;
  image.alt = alt;
  image.width = width;
  image.height = height;
  image.decoding = "async";
  image.addEventListener("error", onError, { once: true });
  image.src = checkUrl(src, document.baseURI);
  return image;
}

function textElement(document: Document, tag: "span", className: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function readSize(value: number): number {
  if (!(Number.isInteger(value) && value > 0 && value <= SIZE_MAX)) throw new Error("a creative without a size");
  return value;
}

function shape(width: number, height: number): "row" | "box" | "column" {
  if (width >= 2.5 * height) return "row";
  return height >= 1.5 * width ? "column" : "box";
}

let sheet: CSSStyleSheet | undefined;

/** One for all creatives of the page. */
function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(AD_STYLES);
  }
  return sheet;
}
