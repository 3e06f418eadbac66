// What a site can set: `data-np-*` on the script tag, or the same names handed to `start`.

export interface Config {
  base: URL;
  slice: URL;
  timeout: number;
  wait: number;
  core: string;
  events: URL;
  consent: string;
  adapters: string;
  account: string;
  key: string;
}

/** `read` gives the text of one option, or nothing. Throws when an address is none, or none that a page may load from. */
export function readConfig(read: (name: string) => unknown, folder: string): Config {
  const base = address(read("base") ?? folder, document.baseURI);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return {
    base,
    slice: address(read("slice") ?? "slice", base.href),
    timeout: milliseconds(read("timeout"), 2_000),
    wait: milliseconds(read("wait"), 5_000),
    core: String(read("core") ?? "auto"),
    events: address(read("events") ?? "events", base.href),
    consent: String(read("consent") ?? ""),
    adapters: String(read("adapters") ?? ""),
    account: String(read("account") ?? "none"),
    key: String(read("key") ?? ""),
  };
}

function address(value: unknown, base: string): URL {
  const url = new URL(String(value), base);
  if (!/^https?:$/.test(url.protocol)) throw new Error(`an address of \`${url.protocol}\``);
  return url;
}

function milliseconds(value: unknown, usual: number): number {
  const number = Number(value ?? usual);
  return number >= 0 && number <= 60_000 ? number : usual;
}
