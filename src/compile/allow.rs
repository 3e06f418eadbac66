//! `allow`: what an author has seen and wants to keep, with the reason. Errors stay.

use crate::compile::{
    code::{self, CODES},
    diagnostic::Diagnostics,
    settings, suggest,
    table::{Table, text},
};

/// Reads `allow` of a file: codes, each with a reason. In `nameplate.yaml` it goes for the whole site, elsewhere for its file.
pub(super) fn read(table: &mut Table<'_>, log: &mut Diagnostics) {
    let source = table.source();
    let is_whole_site = table.what() == settings::FILE;
    for (name, node) in table.entries("allow", log).unwrap_or_default() {
        let Some(known) = CODES.iter().find(|known| known.0 == name.text) else {
            log.error(code::S013, name.span, format!("there is no code `{}`", name.text))
                .help("`allow: { L001: \"why it stays\" }`; every message says its code")
                .maybe_help(suggest::sentence("a code", &name.text, CODES.iter().map(|known| known.0)));
            continue;
        };
        let span = node.span;
        let Some(reason) = text(node, source, log) else { continue };
        if reason.text.trim().is_empty() {
            log.error(code::S013, span, format!("`{}` is allowed without a reason", name.text))
                .help("say why it stays: whoever reads this next cannot know");
        }
        log.allow(*known, (!is_whole_site).then_some(source.file));
    }
}
