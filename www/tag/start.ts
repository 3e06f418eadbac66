// The tag for bundlers: `import { start } from "nameplate/tag"`. Nothing happens before it is called, and it leaves no global.

import type { Tag, TagOptions } from "./api.ts";
import { readConfig } from "./config.ts";
import { Loader } from "./loader.ts";

export type { Applied, Consent, Diagnosis, Facts, Failure, PageFacts, Step, Tag, TagOptions } from "./api.ts";

/** Personalises the page. Never throws; `diagnose()` of what it gives says what became of it. */
export function start(options: TagOptions = {}): Tag {
  const loader = new Loader();
  void loader.load(() => readConfig((name) => (Object.hasOwn(options, name) ? options[name as keyof TagOptions] : undefined), "/np/", Object.keys(options)));
  return loader;
}
