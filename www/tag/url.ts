// Addresses that a change may put into a page. The compiler has checked them against the site's hosts; this is the second
// fence, for what can execute or look like something else.

/** Links that open a mail program or a telephone, as `src/compile/contact.rs` reads them. */
const CONTACT = /^(?:mailto:[\w.+-]+@[\w.-]+(?:\?(?:(?:subject|body|cc)=[\w.~!'()*:@,;/$+%-]*(?:&(?!$)|$))+)?|tel:\+?[\d(][\d().-]*(?:;ext=\d+)?)$/i;

/** `value` as it may stand in `href`, or an error. */
export function checkHref(value: string, base: string): string {
  return CONTACT.test(value) && !/\p{Cc}/u.test(decodeURIComponent(value)) ? value : checkUrl(value, base);
}

/** `value` as it may stand in `src`, or be gone to by itself, or an error. Relative addresses stay as they are written. */
export function checkUrl(value: string, base: string): string {
  // Browsers strip or rewrite these before they parse, so that `\tjavascript:` runs and `/\evil.example` leaves the site.
  if (/[\u0000-\u001f\u007f\\]/.test(value)) throw new Error("an address with control characters or backslashes");
  const url = new URL(value, base);
  if (url.username !== "" || url.password !== "") throw new Error("an address with a user name");
  const isOwn = url.protocol === "http:" && url.origin === new URL(base).origin;
  if (url.protocol !== "https:" && !isOwn) throw new Error(`an address of \`${url.protocol}\``);
  return value;
}

/** The same for every candidate of a `srcset`. */
export function checkSrcset(value: string, base: string): string {
  for (const candidate of value.split(",")) {
    const [url] = candidate.trim().split(/\s+/);
    if (url !== undefined && url !== "") checkUrl(url, base);
  }
  return value;
}
