//! The documents say what the code does: the table of fields is the code's, and the README's commands print what it shows.

use std::{fs, path::PathBuf, process::Command};

use nameplate::rule::{FIELDS, Field};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// What stands around the part of `docs/site-folder.md` that is made of the table of fields.
const FIELDS_START: &str =
    "<!-- made from src/rule/field/table.rs: NAMEPLATE_WRITE=1 cargo test --test it fields -->\n";
const FIELDS_END: &str = "<!-- end of fields -->\n";

fn table_of_fields() -> String {
    let mut table =
        "| field | type | unit | from | private | holds |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();
    for Field { name, kind, note, .. } in &FIELDS {
        let kind = kind.name().trim_start_matches("a ").trim_start_matches("an ");
        let is_private = if note.is_private { "yes" } else { "no" };
        let row = [&format!("`{name}`"), kind, note.unit, note.source, is_private, note.about].join(" | ");
        table.push_str(&format!("| {row} |\n").replace("|  |", "| |"));
    }
    table
}

#[test]
fn the_documents_table_of_fields_is_that_of_the_code() {
    let text = read("docs/site-folder.md");
    let (before, rest) = text.split_once(FIELDS_START).expect("where the table begins");
    let (_, after) = rest.split_once(FIELDS_END).expect("where the table ends");
    let whole = [before, FIELDS_START, &table_of_fields(), FIELDS_END, after].concat();
    if std::env::var_os("NAMEPLATE_WRITE").is_some() {
        fs::write(root().join("docs/site-folder.md"), &whole).unwrap();
    } else {
        assert_eq!(text, whole, "NAMEPLATE_WRITE=1 cargo test --test it fields");
    }
}

/// The commands of a document's `console` blocks (lines that begin with `$ `) and what it shows below each.
fn sessions(text: &str) -> Vec<(String, String)> {
    let mut sessions: Vec<(String, String)> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match line.strip_prefix("$ ") {
                Some(command) => sessions.push((command.to_owned(), String::new())),
                None => {
                    let shown = &mut sessions.last_mut().unwrap().1;
                    shown.push_str(line);
                    shown.push('\n');
                }
            }
        }
    }
    sessions
}

/// Times differ from run to run; trailing blanks do not show.
fn comparable(text: &str) -> String {
    let line = |line: &str| {
        let words = line.trim_end().split(' ').collect::<Vec<_>>();
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        for index in 1..words.len() {
            if words[index].starts_with("ms") && words[index - 1].parse::<u64>().is_ok() {
                words[index - 1] = "N".to_owned();
            }
        }
        words.join(" ")
    };
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_readmes_commands_print_what_it_shows() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("target")).unwrap();
    std::os::unix::fs::symlink(root().join("data"), folder.join("data")).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_nameplate"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());

    let run = |command: &str| {
        let command = format!("{{ {command}; }} 2>&1");
        let output = Command::new("bash").args(["-c", &command]).current_dir(&folder).env("PATH", &path).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let readme = read("README.md");
    let sessions = sessions(&readme);
    assert!(sessions.len() >= 5, "the README shows a tour");
    let mut written = readme.clone();
    for (command, shown) in sessions {
        let printed = run(&command);
        if std::env::var_os("NAMEPLATE_WRITE").is_some() {
            let line = format!("$ {command}\n");
            let end = if printed.is_empty() || printed.ends_with('\n') { "" } else { "\n" };
            written = written.replace(&format!("{line}{shown}"), &format!("{line}{printed}{end}"));
        } else {
            assert_eq!(comparable(&printed), comparable(&shown), "$ {command}\nNAMEPLATE_WRITE=1 cargo test readme");
        }
    }
    if written != readme {
        fs::write(root().join("README.md"), written).unwrap();
    }
}
