//! The number of an autonomous system, as people write it.

/// The number that `AS64500` or `64500` spells, or `None` when `text` spells none.
#[must_use]
pub fn parse_asn(text: &str) -> Option<u32> {
    let head = text.get(..2).filter(|head| head.eq_ignore_ascii_case("AS"));
    let digits = head.and_then(|_| text.get(2..)).unwrap_or(text);
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::parse_asn;

    #[test]
    fn a_number_is_read_with_and_without_its_letters() {
        let check = |text: &str, expect: Option<u32>| assert_eq!(parse_asn(text), expect, "{text}");
        check("AS64500", Some(64500));
        check("as64500", Some(64500));
        check("64500", Some(64500));
        check("4294967295", Some(u32::MAX));
        for wrong in ["", "AS", "ASN1", "4294967296", "+1", "-1", "1.5", "AS 1", "é1"] {
            check(wrong, None);
        }
    }
}
