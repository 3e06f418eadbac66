//! Fields for the names that a site has of its own: so many for each origin and type, told apart by their positions.

use crate::{
    limit::{COOKIE_MAX, CUSTOM_MAX, QUERY_MAX},
    model::{Kind, Origin},
    rule::field::{
        Field, Read,
        table::{COOKIES, PAGE, URL, for_people, note, open},
    },
};

/// The code of the first of them: first all of what pages tell as text, then as numbers, then as booleans, then the parameters of queries,
/// then cookies.
const FIRST_CODE: u8 = 128;
const COUNT: usize = 3 * CUSTOM_MAX + QUERY_MAX + COOKIE_MAX;

/// In the order of their codes.
#[expect(clippy::indexing_slicing, reason = "at compile time")]
pub(super) static FIELDS: [Field; COUNT] = {
    let mut fields = [field(0); COUNT];
    let mut at = 0;
    while at < fields.len() {
        fields[at] = field(at);
        at += 1;
    }
    fields
};

#[expect(clippy::cast_possible_truncation, clippy::arithmetic_side_effects, reason = "80 of them, at compile time")]
const fn field(at: usize) -> Field {
    let place = at % CUSTOM_MAX;
    let (origin, kind, name) = match at / CUSTOM_MAX {
        0 => (Origin::Page, Kind::Text, "custom"),
        1 => (Origin::Page, Kind::Int, "custom"),
        2 => (Origin::Page, Kind::Bool, "custom"),
        3 => (Origin::Query, Kind::Text, "query"),
        _ => (Origin::Cookie, Kind::Text, "cookie"),
    };
    let note = match origin {
        Origin::Page => open("what the page tells on its own", "", PAGE),
        Origin::Query => open("a parameter of the page's query", "", URL),
        Origin::Cookie => note("a cookie of the site's", "", COOKIES, true),
    };
    Field { code: FIRST_CODE + at as u8, name: for_people(name), kind, note, read: Read::Named(origin, place as u8) }
}

/// The columns of the account list that a site may name, by their codes. A browser's rules read no account.
#[cfg(feature = "edge")]
#[expect(clippy::indexing_slicing, reason = "at compile time")]
static COLUMNS: [Field; 64] = {
    use crate::{model::AccountField, rule::field::table::column};
    let mut columns = [column(AccountField::Id); 64];
    let mut code = 0;
    while code < 64 {
        if let Some(own) = AccountField::from_code(code) {
            columns[code as usize] = column(own);
        }
        code += 1;
    }
    columns
};

/// The field of a code, or `None` when there is none such.
pub(super) fn from_code(code: u8) -> Option<&'static Field> {
    #[cfg(feature = "edge")]
    if code < FIRST_CODE {
        return COLUMNS.get(usize::from(code)).filter(|field| field.code == code);
    }
    FIELDS.get(usize::from(code.checked_sub(FIRST_CODE)?))
}

#[cfg(test)]
mod tests {
    use super::{COOKIE_MAX, CUSTOM_MAX, Field, Kind, Origin, QUERY_MAX};

    #[test]
    fn every_name_has_a_field_of_each_type() {
        let check = |origin, kind, count: usize| {
            for position in 0..count {
                let field = Field::named(origin, position, kind).unwrap();
                assert_eq!((field.kind, field.name_place()), (kind, Some((origin, position))));
                assert_eq!(Field::from_code(field.code), Some(field));
            }
            assert_eq!(Field::named(origin, count, kind), None);
        };
        check(Origin::Page, Kind::Text, CUSTOM_MAX);
        check(Origin::Page, Kind::Int, CUSTOM_MAX);
        check(Origin::Page, Kind::Bool, CUSTOM_MAX);
        check(Origin::Query, Kind::Text, QUERY_MAX);
        check(Origin::Cookie, Kind::Text, COOKIE_MAX);
        check(Origin::Query, Kind::Int, 0);
        check(Origin::Page, Kind::List, 0);
        assert_eq!(Field::from_code(u8::MAX), None);
    }

    #[test]
    fn codes_stay_what_they_are() {
        let code = |origin, position, kind| Field::named(origin, position, kind).map(|field| field.code);
        assert_eq!(code(Origin::Page, 0, Kind::Text), Some(128));
        assert_eq!(code(Origin::Page, 15, Kind::Bool), Some(175));
        assert_eq!(code(Origin::Query, 0, Kind::Text), Some(176));
        assert_eq!(code(Origin::Query, 15, Kind::Text), Some(191));
        assert_eq!(code(Origin::Cookie, 0, Kind::Text), Some(192));
        assert_eq!(code(Origin::Cookie, 15, Kind::Text), Some(207));
    }
}
