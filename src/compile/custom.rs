//! `custom` in `nameplate.yaml`: what pages tell of their visitors on their own, by name and type.

use crate::{
    compile::{
        code,
        diagnostic::Diagnostics,
        settings::check_count,
        source::Source,
        table::{Table, check_unique, text},
    },
    limit::CUSTOM_MAX,
    model::{Kind, Text},
};

/// The types, as they are written.
pub(super) const KINDS: [(&str, Kind); 3] = [("text", Kind::Text), ("number", Kind::Int), ("boolean", Kind::Bool)];
/// Characters of a name.
pub(super) const NAME_CHAR_MAX: usize = 32;

/// The names and types. One with errors is left out.
pub(super) fn read(settings: &mut Table<'_>, source: Source<'_>, log: &mut Diagnostics) -> Vec<(Text, Kind)> {
    let Some(table) = settings.table("custom", "names and types", log) else { return Vec::new() };
    let span = table.span();
    let mut found = Vec::new();
    for (name, node) in table.rest() {
        if !is_name(&name.text) {
            log.error(code::S005, name.span, format!("`{}` is not a name that conditions can read", name.text))
                .help(format!("write 1 to {NAME_CHAR_MAX} of `a` to `z`, digits and `_`, a letter first"));
        }
        let Some(word) = text(node, source, log) else { continue };
        match KINDS.iter().find(|(known, _)| *known == word.text) {
            Some((_, kind)) => found.push((name, *kind)),
            None => {
                log.error(code::S013, word.span, format!("`{}` is not a type", word.text))
                    .help("expected one of `text`, `number`, `boolean`");
            }
        }
    }
    check_unique("value", found.iter().map(|(name, _)| name), log);
    check_count("values that pages tell", found.len(), CUSTOM_MAX, span, log);
    found.into_iter().map(|(name, kind)| (name.shared(), kind)).collect()
}

/// As conditions read it: CEL takes `-` for a minus.
pub(super) fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= NAME_CHAR_MAX && text.bytes().all(is_part)
}
