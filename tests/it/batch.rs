//! Many visits through `decide --batch`: one answer a line, in order, whatever the lines.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    program::{Folder, bundle_in, command, run_with},
    site,
};

/// The answers to these lines, and how the program ended.
fn batch(more: &[&str], input: Vec<u8>) -> (i32, Vec<Value>) {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let arguments = [&["decide", &bundle, "--batch"][..], more].concat();
    let ran = run_with(&arguments, input);
    assert_eq!(ran.err, "");
    let answers = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (ran.code.unwrap(), answers)
}

fn account(answer: &Value) -> &str {
    answer["account"]["id"].as_str().unwrap_or(answer["error"].as_str().unwrap_or("-"))
}

#[test]
fn answers_come_in_the_order_of_the_lines() {
    let lines: String = (0..1_000)
        .map(|n| format!("{{\"account\": \"{}\"}}\n", ["alder", "birch", "cedar", "nobody"][n * n % 4]))
        .collect();
    let (code, answers) = batch(&[], lines.into_bytes());
    assert_eq!((code, answers.len()), (0, 1_000));
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(account(answer), ["alder", "birch", "cedar", "-"][n * n % 4]);
    }
}

#[test]
fn a_bad_line_gives_an_error_in_its_place() {
    let mut input =
        b"{\"account\": \"alder\"}\n\n{\"account\": \n\xff\xfe\n{\"accnt\": \"alder\"}\n[]\nnull\n".to_vec();
    input.extend(b" ".repeat(1_100_000));
    input.extend(b"{}\n{\"account\": \"birch\"}\r\n{\"account\": \"cedar\"}");
    let (code, answers) = batch(&[], input);
    assert_eq!(code, 1);
    let check = |number: usize, expect: &str| {
        let answer = &answers[number - 1];
        assert_eq!(answer["line"], number);
        assert!(account(answer).starts_with(expect), "{answer}");
        assert_eq!(answer.as_object().unwrap().len(), 2);
    };
    assert_eq!(account(&answers[0]), "alder");
    check(2, "expected a visit, found an empty line");
    check(3, "not a visit: ");
    check(4, "not a visit: ");
    check(5, "not a visit: unknown field `accnt`");
    check(6, "not a visit: ");
    check(7, "not a visit: ");
    check(8, "expected a visit, found a line of more than 1048576 bytes");
    assert_eq!(account(&answers[8]), "birch");
    assert_eq!(account(&answers[9]), "cedar");
    assert_eq!(answers.len(), 10);
}

#[test]
fn nothing_in_gives_nothing_out() {
    assert_eq!(batch(&[], Vec::new()), (0, Vec::new()));
    assert_eq!(batch(&[], b"\n".to_vec()).0, 1);
}

#[test]
fn the_longest_line_that_is_read_has_one_mebibyte() {
    let line = |length: usize| {
        let visit = b"{\"account\": \"alder\"}";
        [visit, &b" ".repeat(length - visit.len())[..], b"\n{}"].concat()
    };
    assert_eq!(account(&batch(&[], line((1 << 20) - 1)).1[0]), "alder");
    let (code, answers) = batch(&[], line(1 << 20));
    assert_eq!((code, answers.len()), (1, 2));
    assert!(account(&answers[0]).starts_with("expected a visit, found a line of more than"));
}

#[test]
fn visits_without_a_time_get_the_one_given() {
    let folder = Folder::new();
    let hero = site::EXPERIENCE.replace("priority", "schedule: { until: 2026-01-01 }\npriority");
    let bundle = bundle_in(&folder, &site::with(&[("experiences/hero.yaml", &hero)]));
    let input = b"{\"account\": \"alder\"}\n{\"account\": \"alder\", \"now\": 1800000000}\n".to_vec();
    let ran = run_with(&["decide", &bundle, "--batch", "--now", "1700000000"], input);
    let shown = |line: &str| serde_json::from_str::<Value>(line).unwrap()["slots"].as_array().unwrap().len();
    assert_eq!(ran.out.lines().map(shown).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn a_batch_can_be_explained() {
    let (code, answers) = batch(&["--explain"], b"{}\n".to_vec());
    assert_eq!((code, &answers[0]["candidates"][0]["outcome"]), (0, &"no-match".into()));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let mut child = command(&["decide", &bundle, "--batch"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || while input.write_all(&b"{}\n".repeat(1_000)).is_ok() {});
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    drop(output);
    writer.join().unwrap();
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""));
}

/// Answers so many visits and tells how much memory that took at most, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(count: usize) -> u64 {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let mut child = command(&["decide", &bundle, "--batch"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let status = format!("/proc/{}/status", child.id());
    let line = b"{\"ip\": \"134.244.29.1\", \"url\": \"https://www.example.com/?utm_source=x\", \"visitor\": {\"id\": \"v\"}}\n";
    let writer = std::thread::spawn(move || {
        for _ in 0..count {
            input.write_all(line).unwrap();
        }
        input
    });
    let mut answer = String::new();
    let mut read = 0;
    // The last answers are in a buffer until the input ends; the input is held open to look at the living process.
    while read + 200 < count {
        answer.clear();
        output.read_line(&mut answer).unwrap();
        read += 1;
    }
    let text = fs::read_to_string(status).unwrap();
    drop(writer.join().unwrap());
    let rest = output.lines().count();
    assert!(child.wait().unwrap().success());
    assert_eq!(read + rest, count);
    let peak = text.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    peak.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_number_of_visits() {
    let (few, many) = (peak_memory(10_000), peak_memory(100_000));
    // 17 bytes a visit: less than anything that could be kept of one. Kernels count a process's pages in batches, half a MiB off.
    assert!(many <= few + 1_536, "{few} KiB for 10,000 visits, {many} KiB for 100,000");
}
