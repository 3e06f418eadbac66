import { join } from "node:path";

import { open as openDatabase } from "maxmind";

export const packageName = "maxmind";
export const how = "`reader.get(ip)`, its default cache";

export async function open(folder) {
  const reader = await openDatabase(join(folder, "accounts.mmdb"));
  return (address) => reader.get(address);
}
