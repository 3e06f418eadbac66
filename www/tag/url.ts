// Addresses that a change may put into a page. The compiler has checked them against the site's hosts; this is the second
// fence, for what can execute or look like something else.

/** `value` as it may stand in `href` or `src`, or an error. Relative addresses stay as they are written. */
export function checkUrl(value: string, base: string): string {
  // Browsers strip or rewrite these before they parse, so that `\tjavascript:` runs and `/\evil.example` leaves the site.
  if (/[\u0000-\u001f\u007f\\]/.test(value)) throw new Error("an address with control characters or backslashes");
  const url = new URL(value, base);
  if (url.username !== "" || url.password !== "") throw new Error("an address with a user name");
  if (url.protocol !== "https:" && url.origin !== new URL(base).origin) throw new Error(`an address of \`${url.protocol}\``);
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
