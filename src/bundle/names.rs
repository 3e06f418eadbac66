//! Section 12: a list of the parameters of a page's query that rules read (text).
//!
//! Section 13: a list of the columns of the account list that the site has named and that something reads: the field's code (1), its name
//! (text), and what its numbers stand for (1): 0 themselves, 1 Unix seconds, or 2 + how many digits stand behind the point.
//!
//! Section 14: a list of the cookies that rules read (text), and how many of the first are strictly necessary (1). One that only other
//! rules than these read has an empty name.
//!
//! Each is written only where there are some, so that no other bundle is another for it.

use crate::{
    bundle::{
        header::{COLUMNS, COOKIES, Id, QUERY},
        parts::{OpenError, Packer, Section},
    },
    limit::{COOKIE_MAX, QUERY_MAX, SCALE_MAX},
    model::{AccountField, Measure, Names, OwnColumn, Text},
};

/// Behind `sections`, those that there is something for.
pub(super) fn pack(names: &Names, packer: &mut Packer, sections: &mut Vec<(Id, Vec<u8>)>) {
    if !names.query.is_empty() {
        packer.texts(&names.query);
        sections.push((QUERY, packer.finish()));
    }
    if !names.columns.is_empty() {
        sections.push((COLUMNS, pack_columns(&names.columns, packer)));
    }
    if !names.cookies.is_empty() {
        packer.texts(&names.cookies);
        packer.wire().u8(u8::try_from(names.necessary_cookies).unwrap_or(u8::MAX));
        sections.push((COOKIES, packer.finish()));
    }
}

pub(super) fn open_query(section: &mut Section<'_>) -> Result<Vec<Text>, OpenError> {
    let names = section.list(QUERY_MAX, Section::text)?;
    section.finish()?;
    Ok(names)
}

pub(super) fn open_cookies(section: &mut Section<'_>, names: &mut Names) -> Result<(), OpenError> {
    names.cookies = section.list(COOKIE_MAX, Section::text)?;
    names.necessary_cookies = section.u8()?.into();
    section.finish()
}

fn pack_columns(columns: &[OwnColumn], packer: &mut Packer) -> Vec<u8> {
    packer.list(columns, |packer, column| {
        packer.wire().u8(column.field.code());
        packer.text(&column.name);
        packer.wire().u8(match column.measure {
            Measure::Plain => 0,
            Measure::Date => 1,
            Measure::Decimal(scale) => scale.saturating_add(2),
        });
    });
    packer.finish()
}

pub(super) fn open_columns(section: &mut Section<'_>) -> Result<Vec<OwnColumn>, OpenError> {
    let columns = section.list(AccountField::every().count(), |section| {
        let field = AccountField::from_code(section.u8()?).filter(|field| field.is_own());
        let field = section.expect(field, "the code of a column that the site has named")?;
        let name = section.text()?;
        let measure = match section.u8()? {
            0 => Measure::Plain,
            1 => Measure::Date,
            scale => Measure::Decimal(scale.saturating_sub(2)),
        };
        section.require(!matches!(measure, Measure::Decimal(scale) if scale > SCALE_MAX), "a scale of at most 9")?;
        Ok(OwnColumn { field, name, measure })
    })?;
    section.finish()?;
    Ok(columns)
}
