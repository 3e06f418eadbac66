//! `nameplate explain CODE`

use std::io::{self, Write};

use nameplate::compile::{CODES, Code};
use serde_json::{Value, json};

use super::{Failure, Outcome};

/// Print what a code of a diagnostic means, why it is a mistake, and how to mend it.
///
/// Exit code: 0 printed, 2 there is no such code.
#[derive(clap::Args)]
pub(super) struct Explain {
    /// The code, such as R012; without it, all codes with their titles
    code: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut out = io::stdout().lock();
        match self.code.as_deref().map(find).transpose()? {
            Some(code) if self.json => writeln!(out, "{:#}", flat(code))?,
            Some(code) => writeln!(out, "{}: {}\n\n{}", code.0, code.1, code.page())?,
            None if self.json => writeln!(out, "{:#}", Value::from_iter(CODES.iter().copied().map(flat)))?,
            None => {
                for code in CODES {
                    writeln!(out, "{}  {}", code.0, code.1)?;
                }
            }
        }
        Ok(Outcome::Clean)
    }
}

fn find(name: &str) -> Result<Code, Failure> {
    Code::find(name).map_err(|meant| {
        let help =
            meant.map_or("`nameplate explain` lists them".to_owned(), |code| format!("did you mean `{}`?", code.0));
        Failure::Because(format!("there is no code `{name}`; {help}"))
    })
}

/// For a program.
fn flat(code: Code) -> Value {
    json!({ "code": code.0, "title": code.1, "page": code.page() })
}
