//! The program `nameplate`: see `nameplate help`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
