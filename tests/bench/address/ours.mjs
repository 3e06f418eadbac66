// `account(ip)` where the package has it; a whole decision for a visit that has nothing but an address where it has not.

import { load } from "../rules/ours.mjs";

export const packageName = null;
export let how = "`decide({ ip })`";
export let idOf = (decision) => decision.account?.id;

export async function open(folder) {
  const nameplate = await load(folder);
  if (typeof nameplate.account !== "function") return (ip) => nameplate.decide({ ip });
  how = "`account(ip)`";
  idOf = (record) => record.id;
  return (ip) => nameplate.account(ip);
}
