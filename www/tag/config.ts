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
  /** What is said of options that nobody heeds. */
  ignored: string[];
}

type Read = (name: string) => unknown;

const OPTIONS = ["base", "slice", "timeout", "wait", "core", "events", "consent", "adapters", "account", "key"];
/** The words that options of words know. */
const WORDS: Readonly<Record<string, readonly string[]>> = { core: ["auto", "js"], consent: ["granted"], account: ["none", "events", "all"] };

/** Slips of the pen. */
function ignored(names: readonly string[], read: Read): string[] {
  return names.map((name) => slip(name, read(name))).filter((said) => said !== "");
}

function slip(name: string, value: unknown): string {
  if (!OPTIONS.includes(name)) return `there is no option \`${name}\``;
  const isNumber = name === "timeout" || name === "wait";
  const isKnown = isNumber ? isMilliseconds(Number(value)) : value === undefined || (WORDS[name]?.includes(String(value)) ?? true);
  return isKnown ? "" : `the option \`${name}\` is ${isNumber ? "0 to 60000" : WORDS[name]?.join(" or ")}, not \`${value}\``;
}

/** `read` gives the text of one option, or nothing; `names` are those that are given. Throws when an address is none, or none that a page may load from. */
export function readConfig(read: Read, folder: string, names: readonly string[]): Config {
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
    ignored: ignored(names, read),
  };
}

function address(value: unknown, base: string): URL {
  const url = new URL(String(value), base);
  if (!/^https?:$/.test(url.protocol)) throw new Error(`an address of \`${url.protocol}\``);
  return url;
}

function milliseconds(value: unknown, usual: number): number {
  const number = Number(value ?? usual);
  return isMilliseconds(number) ? number : usual;
}

function isMilliseconds(number: number): boolean {
  return number >= 0 && number <= 60_000;
}
