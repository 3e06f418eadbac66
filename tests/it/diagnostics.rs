//! What compiling the small site reports; `mistakes.rs` has every mistake.

mod limits;

use nameplate::compile::{compile, flatten};

use crate::site;

/// What compiling the site with these files reports: `R012 file:line:column message`, and the help below it.
pub(crate) fn reported(files: &[(&str, &[u8])]) -> String {
    let mut sources = site::with(&[]);
    for (path, bytes) in files {
        sources.insert(*path, *bytes);
    }
    let compiled = compile(&sources);
    let flat: Vec<_> = compiled.diagnostics.iter().map(|found| flatten(found, &sources)).collect();
    assert_eq!(compiled.contents.is_none(), flat.iter().any(|found| found.severity == "error"));
    let line = |found: &nameplate::compile::FlatDiagnostic| {
        let severity = if found.severity == "error" { "" } else { "warning " };
        let help = found.help.as_ref().map(|help| format!("\n  {help}")).unwrap_or_default();
        let place = format!("{}:{}:{}", found.place.file, found.place.line, found.place.column);
        format!("{severity}{} {place} {}{help}", found.code, found.message)
    };
    flat.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_small_site_is_without_mistakes() {
    assert_eq!(reported(&[]), "");
}
