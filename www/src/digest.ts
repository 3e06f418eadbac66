// What a host does for a core that opens a bundle.

/** As in `src/bundle/header.rs`: where what the checksum covers begins. */
const COVERED_OFFSET = 44;

/**
 * The SHA-256 of what the bundle's checksum covers. The host computes it ten times as fast as a core that has just started; where
 * it cannot (a page without https, an old runtime), nothing, and the core does.
 */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.subarray(COVERED_OFFSET)));
  } catch {
    return new Uint8Array();
  }
}
