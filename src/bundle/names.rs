//! Section 12: a list of the parameters of a page's query that rules read (text). Written only where there are some, so that no other
//! bundle is another for it.

use crate::{
    bundle::parts::{OpenError, Packer, Section},
    limit::QUERY_MAX,
    model::Text,
};

pub(super) fn pack_query(names: &[Text], packer: &mut Packer) -> Vec<u8> {
    packer.list(names, |packer, name| packer.text(name));
    packer.finish()
}

pub(super) fn open_query(section: &mut Section<'_>) -> Result<Vec<Text>, OpenError> {
    let names = section.list(QUERY_MAX, Section::text)?;
    section.finish()?;
    Ok(names)
}
