//! Unit and salt to a bucket: the only hash in a decision.
//!
//! MurmurHash3 (x86, 32 bit, seed 0; Austin Appleby, public domain), the field's usual choice because every platform can
//! reproduce it. It is frozen: changing it would move people between the variants of running tests, so known answers in
//! the tests below hold it. It is no secret and no protection.

use std::hash::{BuildHasherDefault, Hasher};

/// How many buckets there are; a share is counted in hundredths of a percent (basis points).
pub const BUCKETS: u32 = 10_000;

/// What units are hashed under. Different salts give independent buckets. One that is used again and again is hashed once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Salt(Murmur3);

impl Salt {
    /// The salt that goes on with `part`. A zero byte joins it to the next and to the unit, none of which contains one, so that no two
    /// pairs of salt and unit spell the same bytes.
    #[must_use]
    pub fn with(mut self, part: &str) -> Self {
        self.0.add(part.as_bytes());
        self.0.add(&[0]);
        self
    }

    /// The bucket of `unit` under it, in `0..BUCKETS`.
    #[must_use]
    pub fn bucket(mut self, unit: &str) -> u32 {
        self.0.add(unit.as_bytes());
        scale(self.0.bits(), BUCKETS)
    }
}

/// Hashes keys of maps that hold what a site's own people wrote. The standard library's hash, which strangers cannot foresee, is more code.
pub type Keys = BuildHasherDefault<Murmur3>;

/// The hash of a text alone: equal texts have equal hashes, and others seldom.
#[must_use]
pub fn hash(text: &str) -> u32 {
    let mut hash = Murmur3::default();
    hash.add(text.as_bytes());
    hash.bits()
}

/// Sixteen hexadecimal digits of texts in this order: others have the same next to never.
#[must_use]
pub fn digits<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let [mut high, mut low] = [Salt::default(), Salt::default().with("low")].map(|Salt(hash)| hash);
    for text in texts {
        // With their lengths texts cannot run together. Four bytes of it on every platform.
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
        for half in [&mut high, &mut low] {
            half.add(&length);
            half.add(text.as_bytes());
        }
    }
    // The formatter would be larger than all of this.
    let digits = [high, low].map(Murmur3::bits).into_iter().flat_map(nibbles);
    digits.filter_map(|digit| char::from_digit(digit, 16)).collect()
}

/// Four bits each, the highest first.
fn nibbles(word: u32) -> impl Iterator<Item = u32> {
    (0..8).rev().map(move |place: u32| word.wrapping_shr(place.wrapping_mul(4)) & 15)
}

/// Spreads a hash over `0..range` by multiplication, which unlike a remainder keeps all its high bits.
fn scale(hash: u32, range: u32) -> u32 {
    let wide = u64::from(hash).wrapping_mul(u64::from(range));
    u32::try_from(wide >> 32).unwrap_or(0)
}

/// Which of `weights` the bucket falls on, or `None` when they add to nothing. Weights are relative.
#[must_use]
pub fn pick(weights: impl Iterator<Item = u32> + Clone, bucket: u32) -> Option<usize> {
    // Weights and those who share are limited: no product is near the end of a number.
    let total: u64 = weights.clone().map(u64::from).sum();
    let mut edge = 0_u64;
    for (index, weight) in weights.enumerate() {
        edge = edge.saturating_add(u64::from(weight));
        // bucket / BUCKETS < edge / total, without division.
        if u64::from(bucket).wrapping_mul(total) < edge.wrapping_mul(u64::from(BUCKETS)) {
            return Some(index);
        }
    }
    None
}

/// The hash of bytes that come in pieces.
#[derive(Debug, Clone, Copy, Default)]
pub struct Murmur3 {
    hash: u32,
    /// Up to three bytes that wait for a fourth, the first in the lowest place.
    rest: u32,
    length: u32,
}

impl Murmur3 {
    fn add(&mut self, bytes: &[u8]) {
        // Four at a time, behind those that wait.
        let (words, last) = bytes.as_chunks::<4>();
        let waiting = (self.length & 3).wrapping_mul(8);
        for word in words {
            let word = u64::from(u32::from_le_bytes(*word)).wrapping_shl(waiting) | u64::from(self.rest);
            self.add_word(low(word));
            self.rest = low(word >> 32);
            self.length = self.length.wrapping_add(4);
        }
        for byte in last {
            self.rest |= u32::from(*byte).wrapping_shl((self.length & 3).wrapping_mul(8));
            self.length = self.length.wrapping_add(1);
            if self.length & 3 == 0 {
                self.add_word(self.rest);
                self.rest = 0;
            }
        }
    }

    fn add_word(&mut self, word: u32) {
        self.hash ^= mix(word);
        self.hash = self.hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }

    fn bits(self) -> u32 {
        // No rest mixes to 0, which leaves the hash as it is.
        let mut hash = self.hash ^ mix(self.rest) ^ self.length;
        hash ^= hash >> 16;
        hash = hash.wrapping_mul(0x85eb_ca6b);
        hash ^= hash >> 13;
        hash = hash.wrapping_mul(0xc2b2_ae35);
        hash ^ (hash >> 16)
    }
}

impl Hasher for Murmur3 {
    fn write(&mut self, bytes: &[u8]) {
        self.add(bytes);
    }

    /// A map looks at the highest bits too.
    fn finish(&self) -> u64 {
        u64::from(self.bits()).wrapping_mul((1 << 32) + 1)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(word: u64) -> u32 {
    word as u32
}

/// Four bytes, stirred.
fn mix(word: u32) -> u32 {
    word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}

#[cfg(test)]
mod tests {
    use super::{Murmur3, Salt, digits, pick};

    #[test]
    fn murmur3_gives_the_published_answers() {
        let check = |text: &str, expect: u32| {
            for cut in 0..=text.len() {
                let mut hash = Murmur3::default();
                hash.add(&text.as_bytes()[..cut]);
                hash.add(&text.as_bytes()[cut..]);
                assert_eq!(hash.bits(), expect, "{text} in pieces of {cut}");
            }
        };
        check("", 0);
        check("test", 0xba6b_d213);
        check("Hello, world!", 0xc036_3e43);
        check("The quick brown fox jumps over the lazy dog", 0x2e4f_f723);
    }

    fn bucket(salt: &[&str], unit: &str) -> u32 {
        salt.iter().fold(Salt::default(), |salt, part| salt.with(part)).bucket(unit)
    }

    #[test]
    fn buckets_are_frozen() {
        let check = |salt: &[&str], unit: &str, expect: u32| assert_eq!(bucket(salt, unit), expect, "{salt:?} {unit}");
        check(&["site", "experience", "variant"], "siemens", 5_103);
        check(&["site", "experience", "holdout"], "siemens", 326);
        check(&[], "", 0);
    }

    #[test]
    fn salt_and_unit_cannot_run_together() {
        assert_ne!(bucket(&["a"], "bc"), bucket(&["ab"], "c"));
    }

    #[test]
    fn digits_are_of_the_texts_and_of_where_they_end() {
        let check = |texts: &[&str], expect: &str| assert_eq!(digits(texts.iter().copied()), expect, "{texts:?}");
        check(&[], "00000000b53bec22");
        check(&["a", "bc"], "442a71610b949c8e");
        check(&["ab", "c"], "47eb05d7dc37025e");
    }

    #[test]
    fn weights_get_their_shares() {
        let mut counts = [0_u32; 3];
        for bucket in 0..10_000 {
            counts[pick([1, 0, 3].into_iter(), bucket).unwrap()] += 1;
        }
        assert_eq!(counts, [2_500, 0, 7_500]);
    }

    #[test]
    fn weights_that_add_to_nothing_pick_nothing() {
        assert_eq!(pick([0, 0].into_iter(), 0), None);
        assert_eq!(pick(std::iter::empty(), 9_999), None);
    }
}
