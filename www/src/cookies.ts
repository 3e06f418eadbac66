// The cookies that rules read, out of a request's `Cookie` header or `document.cookie`: the same in a browser, at the edge and in
// `src/serve/decision/cookie.rs`. Nothing is decoded, and only ASCII counts: of other bytes a script and a server make different texts.

const COOKIE = /^[ \t]*([!-<>-~]+)[ \t]*=([\t -~]*)$/;
/** No longer than `COOKIE_BYTE_MAX` in `src/limit.rs`. */
const VALUE = /^[ -~]{1,4096}$/;

/** `names` are as `Core.cookies` gives them: a blank before each, and a `;` before the first that is read only where the visitor agrees. */
export function readCookies(text: string, names: string, agrees: boolean): Record<string, string> {
  const cookies = { __proto__: null } as unknown as Record<string, string>;
  if (names === "") return cookies;
  const wanted = (agrees ? names.replace(";", " ") : names.split(";", 1)[0]!).split(" ");
  for (const cookie of text.split(";")) {
    const [, name = "", value = ""] = COOKIE.exec(cookie) ?? [];
    const at = wanted.indexOf(name);
    if (name === "" || at < 0) continue;
    // The first counts.
    wanted[at] = "";
    const bare = value.trim().replace(/^"(.*)"$/, "$1");
    if (VALUE.test(bare)) cookies[name] = bare;
  }
  return cookies;
}
