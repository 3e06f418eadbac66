// The same prefixes in its own format. The account's id stands where it keeps a city's name.

import { join } from "node:path";

export const packageName = "geoip-lite";
export const how = "`lookup(ip)`, its city form with the id as the city";
export const idOf = (record) => record.city;

export async function open(folder) {
  globalThis.geodatadir = join(folder, "geoip");
  const { default: geoip } = await import("geoip-lite");
  return (address) => geoip.lookup(address);
}
