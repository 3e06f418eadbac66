// A signed account token in the page's address, `?np=`: it goes to whoever gives the slice, and out of the address before a copied link or another
// script shows it to others.

import { TOKEN } from "../src/token.ts";
import { safely } from "./say.ts";

export function takeToken(): string | null {
  let token: string | null = null;
  safely("the page's address cannot be read", () => {
    const url = new URL(location.href);
    const shown = url.searchParams.get("np") ?? "";
    if (!TOKEN.test(shown)) return;
    token = shown;
    url.searchParams.delete("np");
    history.replaceState(history.state, "", url.href);
  });
  return token;
}
