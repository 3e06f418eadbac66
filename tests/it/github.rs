//! `nameplate check --format github`: commands to GitHub's runner, as its documents say them.

use crate::{
    program::{Folder, PROGRAM},
    site,
};

/// What `check` prints of the small site with these files in the folder `site`, called from the one that holds it, and how it ends.
fn check(site: &str, files: &[(&str, String)]) -> (Option<i32>, String) {
    let folder = Folder::new();
    for (file, text) in site::FILES.iter().map(|(file, text)| (*file, (*text).to_owned())).chain(files.iter().cloned())
    {
        folder.write(&format!("{site}/{file}"), text);
    }
    let mut command = std::process::Command::new(PROGRAM);
    let output = command.args(["check", site, "--format", "github"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn each_mistake_is_an_annotation_at_its_place() {
    let hero = site::EXPERIENCE.replace("account.tier ==", "account.teir ==").replace("Hello", "'😀 {{account.name}}'");
    let (code, printed) = check("site", &[("experiences/hero.yaml", hero)]);
    let expect = "\
::error file=site/experiences/hero.yaml,line=2,endLine=2,col=7,endColumn=19,title=R012::unknown field `account.teir`%0Ano such field on \
`account`%0Aa field with a similar name exists: `account.tier`
::error file=site/experiences/hero.yaml,line=7,endLine=7,col=25,endColumn=41,title=C004::the token `account.name` has no \
fallback%0Awrite `{{account.name | your team}}`: a field, and the text for those who have no value
";
    assert_eq!((code, printed.as_str()), (Some(1), expect));
}

#[test]
fn what_would_end_a_command_or_a_value_is_escaped() {
    // Of more than one line, only lines are told.
    let hero = site::EXPERIENCE.replace(
        "{ text: Hello }",
        "\n        text: >\n          A headline that nobody will ever\n          read to its end",
    );
    let (code, printed) = check("a, b: c%", &[("experiences/hero.yaml", hero), ("up.yaml", "a: 1\n".to_owned())]);
    assert_eq!(code, Some(0));
    let expect = "::warning file=a%2C b%3A c%25/experiences/hero.yaml,line=9,endLine=10,title=C008::the text has ";
    assert!(printed.starts_with(expect), "{printed}");
    assert_eq!(printed.lines().count(), 2, "{printed}");
}

#[test]
fn a_clean_site_has_none() {
    assert_eq!(check("site", &[]), (Some(0), String::new()));
}
