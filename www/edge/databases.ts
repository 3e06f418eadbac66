// What is known of visitors who are no account's: address databases, which are loaded behind the pages, and asked for again. Until they are
// there, such visitors are strangers.

import type { Nameplate, Visit } from "../src/index.ts";
import { download } from "./download.ts";
import type { DatabaseSource, Described, EdgeOptions } from "./index.ts";
import { Latest } from "./latest.ts";

type Option<Rest extends unknown[]> = EdgeOptions<Rest>["database"];

/** Open databases, and the version that their source names. */
interface InUse {
  open: readonly Described[];
  etag: string | null;
}

/** What new ones are not more often asked for: they are large, and change by the day. */
const REFRESH_SECONDS = 3_600;

export class Databases<Rest extends unknown[]> {
  readonly #parts: readonly (Described | Latest<Rest, InUse>)[];

  constructor(database: Option<Rest>, retrySeconds: number, report: (error: unknown) => void) {
    const retryMs = retrySeconds * 1_000;
    const part = (one: Exclude<Option<Rest>, undefined | readonly unknown[]>) => {
      if (typeof one === "function") {
        const load = async (rest: Rest) => ({ open: [await one(...rest)].flat(), etag: null });
        return new Latest({ load, replace: () => {}, retryMs, refreshMs: Number.POSITIVE_INFINITY }, report);
      }
      if (!("from" in one)) return one;
      const { refreshSeconds = REFRESH_SECONDS } = one;
      return new Latest({ load: (rest: Rest, inUse: InUse | null) => load(one, rest, inUse), replace, retryMs, refreshMs: refreshSeconds * 1_000 }, report);
    };
    this.#parts = [database ?? []].flat().map(part);
  }

  /**
   * The visit with what they know of its address; of what two know, the first counts. Where the site's list says that the address is shared,
   * nobody from there is a company's: as `src/decide/databases.rs`.
   */
  described(visit: Visit, nameplate: Nameplate, rest: Rest): Visit {
    const described = this.#open(rest).reduce((known, database) => database.described(known), visit);
    const isNew = described.attributes != null && visit.attributes == null;
    const isShared = () => nameplate.decide({ ip: visit.ip ?? null }).match?.outcome === "shared";
    return isNew && isShared() ? { ...described, attributes: null } : described;
  }

  #open(rest: Rest): Described[] {
    return this.#parts.flatMap((part) => {
      if (!(part instanceof Latest)) return [part];
      part.ask(rest);
      return part.inUse?.open ?? [];
    });
  }
}

async function load<Rest extends unknown[]>({ from, open }: DatabaseSource<Rest>, rest: Rest, inUse: InUse | null): Promise<InUse | null> {
  const found = await download(typeof from === "function" ? await from(...rest) : from, inUse?.etag);
  return found && { open: [await open(found.given)], etag: found.etag };
}

/** The one before is asked for nothing any more, and its memory is large. */
function replace(_: InUse, { open }: InUse): void {
  for (const database of open) database.free?.();
}
