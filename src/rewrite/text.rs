//! Texts as they stand in a page, in any encoding: what is no ASCII is written as a character reference.

use std::io::Write;

/// Appends a text as content, or as the value of an attribute in double quotes.
pub(super) fn escape(text: &str, out: &mut Vec<u8>) {
    for letter in text.chars() {
        match letter {
            '&' => out.extend(b"&amp;"),
            '<' => out.extend(b"&lt;"),
            '>' => out.extend(b"&gt;"),
            '"' => out.extend(b"&quot;"),
            // As it stands, a parser makes it a line feed.
            '\r' => out.extend(b"&#13;"),
            letter => write_letter(letter, out),
        }
    }
}

/// Appends markup.
pub(super) fn write_markup(html: &str, out: &mut Vec<u8>) {
    for letter in html.chars() {
        write_letter(letter, out);
    }
}

/// Whether there is a reference for each of its characters: those of U+0080 to U+009F stand for others.
pub(super) fn can_be_written(text: &str) -> bool {
    !text.contains(|letter: char| matches!(letter, '\0' | '\u{80}'..='\u{9f}'))
}

fn write_letter(letter: char, out: &mut Vec<u8>) {
    match u8::try_from(letter) {
        Ok(byte) if byte.is_ascii() => out.push(byte),
        // Writing into memory does not fail.
        _ => drop(write!(out, "&#x{:x};", u32::from(letter))),
    }
}

#[cfg(test)]
mod tests {
    use super::{can_be_written, escape};

    #[test]
    fn writes_what_a_parser_reads_as_the_text() {
        let mut out = Vec::new();
        escape("<b class=\"x\">Café & 東京\r\n</b>", &mut out);
        let expected = "&lt;b class=&quot;x&quot;&gt;Caf&#xe9; &amp; &#x6771;&#x4eac;&#13;\n&lt;/b&gt;";
        assert_eq!(String::from_utf8_lossy(&out), expected);
        assert!(can_be_written("\u{a0}Ö\u{1f600}") && !can_be_written("\u{85}") && !can_be_written("\0"));
    }
}
