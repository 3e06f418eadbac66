//! What `nameplate match` reads of a site: whom to look for, and where databases say it.

use crate::{
    compile::{
        Diagnostic, Sources,
        accounts::{self, Listed},
        diagnostic::Diagnostics,
        holdings::Holdings,
        settings, stack,
    },
    model::Accounts,
};

/// The accounts of a site, and what they hold. Nothing else of it is looked at: its networks are still to be found.
#[derive(Debug)]
pub struct Roster {
    /// The accounts, ascending by id; `None` when there was an error.
    pub accounts: Option<Accounts>,
    /// What each is called and holds, in the same order.
    pub holdings: Vec<Holdings>,
    /// Where address databases have what, beside what is known: fields and their paths.
    pub databases: Vec<(String, String)>,
    /// All that was found in nameplate.yaml and the account list.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the settings and the account list of a site.
#[must_use]
pub fn read_roster(sources: &Sources) -> Roster {
    let mut log = Diagnostics::default();
    let read = stack::with_room(|| {
        let mut settings = settings::read(sources, &mut log)?;
        let setting = settings.accounts.as_ref()?;
        let Listed { accounts, holdings, .. } = accounts::read(setting, sources, &mut settings.doubts, &mut log);
        let databases = settings.databases.into_iter().map(|(field, path)| (field.text, path.text)).collect();
        Some((accounts, holdings, databases))
    });
    let (accounts, holdings, databases) = read.unwrap_or_default();
    let accounts = Some(accounts).filter(|_| !log.has_errors());
    Roster { accounts, holdings, databases, diagnostics: log.into_sorted(sources) }
}
