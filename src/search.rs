//! Bytes looked for in a text. Eight are looked at together: there are numbers of 64 bits in WebAssembly, too.

/// Where a byte is first.
#[inline]
#[must_use]
pub fn find(byte: u8, text: &[u8]) -> Option<usize> {
    let (eights, tail) = text.as_chunks();
    for (place, eight) in eights.iter().enumerate() {
        let found = high_bits(byte, *eight);
        if found != 0 {
            let within = (found.trailing_zeros() / 8) as usize;
            return Some(place.saturating_mul(8).saturating_add(within));
        }
    }
    let before = text.len().saturating_sub(tail.len());
    tail.iter().position(|found| *found == byte).map(|place| place.saturating_add(before))
}

/// Where a byte is last.
#[must_use]
pub fn find_last(byte: u8, text: &[u8]) -> Option<usize> {
    let (head, eights) = text.as_rchunks();
    for (place, eight) in eights.iter().enumerate().rev() {
        let found = high_bits(byte, *eight);
        if found != 0 {
            let within = 7_usize.saturating_sub((found.leading_zeros() / 8) as usize);
            return Some(place.saturating_mul(8).saturating_add(head.len()).saturating_add(within));
        }
    }
    head.iter().rposition(|found| *found == byte)
}

/// Whether a text holds another. Texts are short here: to make tables for the search, as the standard library does, costs more than to search.
#[must_use]
pub fn contains(mut text: &[u8], part: &[u8]) -> bool {
    let [first, more @ ..] = part else { return true };
    while let Some(at) = find(*first, text) {
        text = text.get(at.saturating_add(1)..).unwrap_or_default();
        if text.starts_with(more) {
            return true;
        }
    }
    false
}

/// The high bit of each of the eight that is this byte.
#[inline]
fn high_bits(byte: u8, eight: [u8; 8]) -> u64 {
    const BYTES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = BYTES * 0x7f;
    let other = u64::from_le_bytes(eight) ^ BYTES.wrapping_mul(byte.into());
    !((other & LOW).wrapping_add(LOW) | other | LOW)
}

#[cfg(test)]
mod tests {
    use super::{contains, find, find_last};

    #[test]
    fn finds_as_the_standard_library_does() {
        // Neighbours of the byte that is looked for, and both ends of what a byte can be.
        let letters = [0x00, 0x3c, 0x3d, 0x3e, 0x7f, 0x80, 0xbd, 0xff];
        let mut seed = 7_u32;
        let mut letter = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            letters[(seed >> 29) as usize]
        };
        for length in (0..40).cycle().take(4_000) {
            let text: Vec<u8> = (0..length).map(|_| letter()).collect();
            for byte in letters {
                assert_eq!(find(byte, &text), text.iter().position(|found| *found == byte), "{byte} in {text:?}");
                assert_eq!(find_last(byte, &text), text.iter().rposition(|found| *found == byte), "{byte} in {text:?}");
            }
            let part = [letter(), letter()];
            for length in 1..=2 {
                let is_there = text.windows(length).any(|found| *found == part[..length]);
                assert_eq!(contains(&text, &part[..length]), is_there, "{:?} in {text:?}", &part[..length]);
            }
        }
        assert!(
            contains(b"", b"") && contains(b"aab", b"ab") && contains(b"aab", b"aab") && !contains(b"aab", b"aabb")
        );
    }
}
