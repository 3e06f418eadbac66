// `nameplate/token`: signs account tokens where links and logins are made, in Node and at the edge. The same bytes as `nameplate token` and
// `src/bundle/token.rs`.

import { hexOf } from "../src/hex.ts";

/** What a token says, of whom, and how long. */
export interface TokenOptions {
  /** The `site` of nameplate.yaml: a token counts there and nowhere else. */
  site: string;
  /** The id of the account. Whether the site has it, nobody looks here: a token of another finds nobody. */
  account: string;
  /** The visitor's role: rules read it as `visitor.role`. */
  role?: Role | null;
  /** The campaign by which he comes, 1 to 64 of `A-Z a-z 0-9 - _`: rules read it as `page.utm_campaign`, where the page's address has none. */
  campaign?: string | null;
  /** For how many days it counts, 1 to 399; 30. */
  days?: number;
  /** The last second in which it counts, Unix seconds, in the place of `days`. */
  expires?: number;
}

/** A part in the buying committee. */
export type Role = (typeof ROLES)[number];

const ROLES = ["champion", "decision-maker", "influencer", "user", "approver", "gatekeeper"] as const;
const DAY_SECONDS = 86_400;
/** As `TOKEN_LIFE_SECONDS_MAX` and `TOKEN_KEY_BYTE_MIN` in `src/limit.rs`. */
const LIFE_SECONDS_MAX = 400 * DAY_SECONDS;
const KEY_BYTE_MIN = 16;

const encoder = new TextEncoder();

/**
 * A token, signed with the key that the site's handler, server or bundle was given. Rejects with an `Error` that says what is wrong, and never
 * repeats the key.
 */
export async function signToken(key: string, options: TokenOptions): Promise<string> {
  const said = saidBy(options);
  const secret = encoder.encode(key.trim());
  if (secret.length < KEY_BYTE_MIN) throw new Error(`expected a key of account tokens, at least ${KEY_BYTE_MIN} bytes`);
  const signer = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", signer, encoder.encode(`nameplate account token\n${options.site}\n${said}`));
  return `${said}.${hexOf(new Uint8Array(mac))}`;
}

function saidBy({ site, account, role, campaign, days = 30, expires }: TokenOptions): string {
  if (typeof site !== "string") throw new Error("expected the name of a site");
  if (!/^[a-z0-9-]{1,64}$/.test(account)) throw new Error("expected the id of an account, 1 to 64 of a-z 0-9 -");
  if (role != null && !ROLES.includes(role)) throw new Error(`expected a role, one of ${ROLES.join(", ")}`);
  if (campaign != null && !/^[\w-]{1,64}$/.test(campaign)) throw new Error("expected a campaign of 1 to 64 of A-Z a-z 0-9 - _");
  const now = Math.floor(Date.now() / 1_000);
  const last = expires ?? now + days * DAY_SECONDS;
  if (!Number.isSafeInteger(last) || last < now || last - now >= LIFE_SECONDS_MAX) throw new Error("expected that the token counts from now on, for less than 400 days");
  const more = role == null && campaign == null ? "" : `.${role ?? ""}.${campaign ?? ""}`;
  return `${account}.${last}${more}`;
}
