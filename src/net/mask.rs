//! Texts that may hold an address: none is to go where it is kept.

use super::Address;

/// The text with `-` in the place of all that is an address, with a port or without.
#[must_use]
pub fn without_addresses(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':');
    let mut masked = String::with_capacity(text.len());
    // A word and what parts it from the next.
    for piece in text.split_inclusive(|c| !is_part(c)) {
        let word = piece.strip_suffix(|c| !is_part(c)).unwrap_or(piece);
        masked.push_str(if is_address(word) { "-" } else { word });
        masked.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    masked
}

fn is_address(word: &str) -> bool {
    is_host(word) || word.rsplit_once(':').is_some_and(|(host, _)| is_host(host))
}

fn is_host(mut word: &str) -> bool {
    // It may end a sentence.
    while let Some(inner) = word.strip_prefix('.').or(word.strip_suffix('.')) {
        word = inner;
    }
    Address::parse(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn no_text_holds_an_address() {
        let check = |text: &str, expect: &str| assert_eq!(without_addresses(text), expect, "{text}");
        for text in
            ["", "hero", "12:30:45", "1.2.3", "https://www.example.com:80/a?b=c", "v1.2.3.4x", "a:b", "1.2.3.400"]
        {
            check(text, text);
        }
        check("192.0.2.7", "-");
        check("192.0.2.7:80", "-");
        check("from 192.0.2.7, 2001:db8::7 and [2001:db8::7]:443.", "from -, - and [-]:443.");
        check("http://192.0.2.7/x?ip=192.0.2.78&c=1", "http://-/x?ip=-&c=1");
        check("::ffff:192.0.2.7", "-");
        check("See 192.0.2.7.:80, ..2001:db8::7..", "See -, -");
        check("It was 192.0.2.7.", "It was -");
    }
}
