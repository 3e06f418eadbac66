// Account tokens, as far as JavaScript reads them.

/** As `src/bundle/token.rs` writes them: what looks otherwise is the page's own. */
export const TOKEN = /^[a-z0-9-]{1,64}\.\d{1,15}(\.[\w-]{0,64}\.[\w-]{0,64})?\.[0-9a-f]{64}$/;

/** What the core's `told` says of the visitor: `ROLE.CAMPAIGN`, of which one may be empty, or nothing. */
export function readTold(told: string): { role: string | null; campaign: string | null } {
  const at = told.indexOf(".");
  return { role: told.slice(0, Math.max(at, 0)) || null, campaign: told.slice(at + 1) || null };
}
