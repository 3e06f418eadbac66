//! A name as words that can be compared: small letters without accents, without punctuation.

/// Letters that are written without their mark.
const PLAIN: [(&str, &str); 26] = [
    ("a", "àáâãāăąǎạảấầẩẫậắằẳẵặ"),
    ("ae", "æǽ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệə"),
    ("g", "ĝğġģǧ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıỉịǐ"),
    ("ij", "ĳ"),
    ("j", "ĵ"),
    ("k", "ķǩ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŋŉ"),
    ("o", "òóôõōŏőơǒọỏốồổỗộớờởỡợ"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšșſ"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûũūŭůűųưǔụủứừửữự"),
    ("w", "ŵẁẃẅ"),
    ("y", "ýÿŷỳỵỷỹ"),
    ("z", "źżž"),
    ("a", "ª"),
    ("o", "º"),
];

/// Letters that are written with two letters or with one: "Müller" is also "Mueller" and "Muller".
const UMLAUTS: [(char, &str, &str); 5] =
    [('ä', "a", "ae"), ('ö', "o", "oe"), ('ü', "u", "ue"), ('ø', "o", "oe"), ('å', "a", "aa")];

/// How a letter with an umlaut is written without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Umlaut {
    /// "Muller"
    Short,
    /// "Mueller"
    Long,
}

/// The words of a name. Initials become one word ("S.p.A.", "J P"), "&" becomes "and", and what stands behind an apostrophe stays
/// with its word.
pub(super) fn words(text: &str, umlaut: Umlaut) -> Vec<String> {
    let mut words = Vec::new();
    for chunk in fold(text, umlaut).split_whitespace() {
        for piece in chunk.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '/') {
            words.extend(initials(piece.split(['.', '/'])));
        }
    }
    initials(words.iter().map(String::as_str))
}

/// The words, of which single letters that follow each other are joined.
fn initials<'a>(pieces: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let is_letter = piece.chars().count() == 1 && piece.chars().all(char::is_alphabetic);
        match words.last_mut() {
            Some(last) if is_letter && is_open => last.push_str(piece),
            _ => words.push(piece.to_owned()),
        }
        is_open = is_letter;
    }
    words
}

/// Small letters without marks; "&" and "+" as a word, apostrophes gone.
fn fold(text: &str, umlaut: Umlaut) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '&' | '+' => folded.push_str(" and "),
            '\'' | '’' | '‘' | '`' | '´' | '\u{300}'..='\u{36f}' => {}
            // Latin letters and digits of double width.
            '\u{ff01}'..='\u{ff5e}' => folded.extend(u32::from(c).checked_sub(0xfee0).and_then(char::from_u32)),
            _ if c.is_ascii() => folded.push(c),
            _ => match without_mark(c, umlaut) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(c),
            },
        }
    }
    folded
}

fn without_mark(c: char, umlaut: Umlaut) -> Option<&'static str> {
    if let Some((_, short, long)) = UMLAUTS.iter().find(|(letter, _, _)| *letter == c) {
        return Some(if umlaut == Umlaut::Short { short } else { long });
    }
    PLAIN.iter().find(|(_, marked)| marked.contains(c)).map(|(plain, _)| *plain)
}

#[cfg(test)]
mod tests {
    use super::{Umlaut, words};

    fn check(text: &str, expect: &str) {
        assert_eq!(words(text, Umlaut::Short).join(" "), expect, "{text}");
    }

    #[test]
    fn a_name_is_compared_without_case_accents_and_punctuation() {
        check("Nestlé S.A.", "nestle sa");
        check("NESTLE' S.A", "nestle sa");
        check("L'Oréal", "loreal");
        check("A.P. Møller - Mærsk A/S", "ap moller maersk as");
        check("Türk Hava Yolları A.O.", "turk hava yollari ao");
        check("İŞBANK", "isbank");
        check("Straße", "strasse");
        check("Łódź sp. z o.o.", "lodz sp z oo");
        check("ＳＯＮＹ", "sony");
        check("Procter & Gamble", "procter and gamble");
        check("Gap, Inc.Direct", "gap inc direct");
        check("3M Company", "3m company");
        check("日立", "日立");
        check("  ", "");
    }

    #[test]
    fn initials_are_one_word_however_they_are_set_apart() {
        check("J.P. Morgan", "jp morgan");
        check("J P Morgan", "jp morgan");
        check("J. P. Morgan", "jp morgan");
        check("U. S. Steel", "us steel");
        check("S. r. o.", "sro");
        check("S.A. de C.V.", "sa de cv");
        check("Renault do Brasil S/A", "renault do brasil sa");
        check("R & D", "r and d");
    }

    #[test]
    fn an_umlaut_is_one_letter_or_two() {
        assert_eq!(words("Münchener Rück", Umlaut::Long), ["muenchener", "rueck"]);
        assert_eq!(words("Maersk Møller", Umlaut::Long), ["maersk", "moeller"]);
    }

    proptest::proptest! {
        #[test]
        fn words_of_words_are_the_same(text in "\\PC{0,40}") {
            let once = words(&text, Umlaut::Short);
            proptest::prop_assert_eq!(words(&once.join(" "), Umlaut::Short), once);
        }
    }
}
