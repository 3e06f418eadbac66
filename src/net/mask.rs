//! Texts that may hold an address: none is to go where it is kept.

use std::borrow::Cow;

use super::Address;

/// The text with `-` in the place of all that is an address, with a port or without.
#[must_use]
pub fn without_addresses(text: &str) -> Cow<'_, str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':');
    let is_address = |word: &&str| {
        let host = word.rsplit_once(':').map_or(*word, |(host, _)| host);
        [*word, host].iter().any(|word| Address::parse(word.trim_matches('.')).is_some())
    };
    let mut text = Cow::Borrowed(text);
    // The longest first, so that none is left because a part of it went before.
    while let Some(word) = text.split(|c| !is_part(c)).filter(is_address).max_by_key(|word| word.len()) {
        text = Cow::Owned(text.replace(word, "-"));
    }
    text
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
        check("It was 192.0.2.7.", "It was -");
    }
}
