//! The codes of diagnostics. A code never changes meaning and is never used again.

use crate::compile::suggest;

/// A page for each code, for people to read; a test holds that there is one.
const PAGES: &str = include_str!("../../docs/codes.md");

/// A code and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code(pub &'static str, pub &'static str);

macro_rules! codes {
    ($($name:ident $title:literal;)*) => {
        $(pub(super) const $name: Code = Code(stringify!($name), $title);)*
        /// Every code, by letter and number.
        pub const CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    // A: accounts.csv
    A001 "a row of the account list is malformed";
    A002 "a mapped column is not in the account list";
    A003 "a cell of the account list cannot be read";
    A004 "two accounts have one id";
    A005 "a cell that every account needs is empty";
    A006 "a domain says nothing of the account";
    A007 "accounts own one another";
    // C: content
    C001 "the slot does not exist";
    C002 "there is nothing to show";
    C003 "there is more than one thing to show";
    C004 "a token cannot be read";
    C005 "a token stands where none may";
    C006 "a URL is not allowed";
    C007 "an attribute may not be changed";
    C008 "a text is longer than its slot allows";
    C009 "cleaning removed part of the HTML";
    C010 "a class is not one name";
    C011 "a text looks like a token";
    // D: ads
    D001 "the placement does not exist";
    D002 "a creative has nothing to show";
    D003 "a creative fits none of its line item's placements";
    D004 "a size cannot be read";
    // L: what cannot be meant
    L001 "a condition never holds";
    L002 "an experience never shows";
    L003 "a line item never shows";
    L004 "a schedule or flight is over";
    L005 "a token has no value for some who see it";
    L006 "accounts have no prefix";
    L007 "two accounts have one name";
    L008 "several accounts have one domain";
    L009 "a prefix lies in that of another account";
    L010 "a test has too few accounts";
    L011 "nobody is in a segment";
    L012 "nothing fills a place";
    L013 "nothing asks for a segment";
    L014 "nothing reads a column";
    L015 "a prefix was seen long ago";
    L016 "no sample page has a place";
    L017 "a slot is empty on every sample page";
    L018 "nobody gets a variant";
    // N: networks.csv
    N001 "a row of the network list is malformed";
    N002 "a prefix cannot be read";
    N003 "a prefix has host bits";
    N004 "a prefix is listed twice";
    N005 "the account does not exist";
    N006 "a prefix is too wide";
    N007 "a prefix can match nobody";
    N008 "a confidence cannot be read";
    N009 "a source is too long";
    N010 "a day cannot be read";
    N011 "a kind of shared egress is unknown";
    // R: rules
    R001 "a condition cannot be parsed";
    R002 "a condition uses what is not supported";
    R003 "types do not fit";
    R004 "the segment does not exist";
    R005 "a segment reads more than the account";
    R006 "a condition is too large";
    R007 "a value is compared with that the field never has";
    R008 "a condition names an account that does not exist";
    R009 "a pattern cannot be used";
    R010 "a parameter of the query cannot be read";
    R012 "the field does not exist";
    R013 "a cookie cannot be read";
    // S: sources
    S001 "a file is missing";
    S002 "a file is not UTF-8";
    S003 "a file is not YAML";
    S004 "a name is used twice";
    S005 "a name has a character that none may have";
    S006 "a number is out of range";
    S007 "a date cannot be read";
    S008 "a schedule never opens";
    S009 "there is more than a bundle holds";
    S010 "a key is unknown";
    S011 "a key is missing";
    S012 "a value has the wrong type";
    S013 "a value is none of those allowed";
    S014 "a file is not read";
    S015 "a slice is larger than browsers are given";
    S016 "a comment stands in the place of a value";
    // T: tests
    T001 "a test names what does not exist";
    T002 "a test expects nothing";
    T003 "a test got something else";
}

impl Code {
    /// The code of this name, in capitals or not; otherwise the one that was probably meant, if one was.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn find(name: &str) -> Result<Self, Option<Self>> {
        let name = name.to_ascii_uppercase();
        let of = |name: &str| CODES.iter().copied().find(|code| code.0 == name);
        of(&name).ok_or_else(|| suggest::nearest(&name, CODES.iter().map(|code| code.0)).and_then(of))
    }

    /// What it means, why it is a mistake and how to mend it, in Markdown, without a heading.
    #[must_use]
    pub fn page(self) -> &'static str {
        let pages = PAGES.split("\n#").filter_map(|page| page.strip_prefix("# "));
        let page = pages.filter_map(|page| page.split_once('\n')).find(|(heading, _)| heading.starts_with(self.0));
        page.map_or("", |(_, page)| page.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, Code};

    #[test]
    fn codes_ascend_and_none_stands_twice() {
        assert!(CODES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_code_is_found_in_capitals_or_not_and_a_near_miss_has_a_suggestion() {
        let check = |name: &str, expect: Result<&str, Option<&str>>| {
            let found = Code::find(name);
            assert_eq!(found.map(|code| code.0).map_err(|code| code.map(|code| code.0)), expect, "{name}");
        };
        check("R012", Ok("R012"));
        check("r012", Ok("R012"));
        check("R014", Err(Some("R010")));
        check("R12", Err(Some("R012")));
        check("hello", Err(None));
        check("", Err(None));
    }
}
