import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Reader } from "mmdb-lib";

export const packageName = "mmdb-lib";
export const how = "`reader.get(ip)`, no cache";

export function open(folder) {
  const reader = new Reader(readFileSync(join(folder, "accounts.mmdb")));
  return (address) => reader.get(address);
}
