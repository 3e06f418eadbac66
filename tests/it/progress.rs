//! The line that says what a command is at: on a terminal, and nowhere else.

use std::process::{Command, Stdio};

use crate::program::{Folder, PROGRAM};

/// All that a command writes on a terminal, which `script` (bsdutils, part of every Debian) lends it.
fn on_a_terminal(arguments: &str) -> String {
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &format!("'{PROGRAM}' {arguments}"), "/dev/null"]);
    let ran = script.env("TERM", "xterm").stdin(Stdio::null()).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn a_terminal_shows_every_step_and_keeps_none() {
    let folder = Folder::with_site();
    let (site, file) = (folder.path().display(), folder.join("site.npb"));
    let shown = on_a_terminal(&format!("build '{site}' -o '{}'", file.display()));
    let steps = ["reading", "checking", "specialising 0 of 2 rules", "packing"];
    let places: Vec<_> = steps.iter().map(|step| shown.find(step)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{shown:?}");
    let (line, answer) = shown.rsplit_once("\r\u{1b}[2K").unwrap();
    assert!(line.contains("packing") && answer.contains("4 accounts"), "cleared before the answer: {shown:?}");
    assert!(steps.iter().all(|step| !answer.contains(step)), "{shown:?}");
}

#[test]
fn json_on_a_terminal_is_all_there_is() {
    let folder = Folder::with_site();
    let site = folder.path().display();
    for arguments in [format!("check '{site}' --json"), format!("who '{site}' --slot title --json")] {
        let shown = on_a_terminal(&arguments);
        assert!(serde_json::from_str::<serde_json::Value>(&shown).is_ok(), "{shown:?}");
    }
}
