//! One native contender in one process: reads a command a line, answers a line that starts with `@`. The JavaScript side
//! is `lib/contenders.mjs`; the commands are those of `lib/worker.mjs`.

mod address;
mod clock;
mod databases;
mod direct;
mod memory;
mod rewriter;
mod rules;

use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub struct Config {
    kind: String,
    peer: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    family: String,
    /// The set's folder.
    set: String,
}

#[derive(Deserialize)]
struct Command {
    #[serde(rename = "do")]
    verb: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    count: usize,
    #[serde(default)]
    ms: f64,
}

/// What is measured, ready to run.
pub trait Contender {
    /// Answers inputs `from..from + count` (around the end of the list), in one loop, so that nothing but the work counts.
    fn run(&mut self, of: &str, from: usize, count: usize) -> u64;
    /// The answer for one input, as every contender must give it.
    fn answer(&mut self, of: &str, at: usize) -> Value;
    /// How many inputs there are.
    fn len(&self, of: &str) -> usize;
}

/// A contender whose inputs are read; `open` is what is timed and weighed.
pub type Opener = Box<dyn FnOnce() -> Box<dyn Contender>>;

fn main() {
    let config: Config = serde_json::from_str(&std::env::args().nth(1).expect("a configuration")).expect("valid JSON");
    if config.kind == "databases" {
        return println!("{}", databases::look(&config.set));
    }
    let mut opener = Some(match config.kind.as_str() {
        "address" => address::opener(&config),
        "rewriter" => rewriter::opener(&config),
        "rules" => rules::opener(&config),
        other => panic!("no such kind: {other}"),
    });
    let mut contender: Option<Box<dyn Contender>> = None;
    for line in std::io::stdin().lock().lines() {
        let command: Command = serde_json::from_str(&line.expect("a line")).expect("a command");
        let reply = match command.verb.as_str() {
            "open" => {
                let open = opener.take().expect("opened once");
                let watch = clock::Watch::start();
                let (opened, bytes) = memory::weigh(open);
                contender = Some(opened);
                let (wall, cpu) = watch.nanoseconds();
                json!({ "wallNs": wall, "cpuNs": cpu, "memory": { "heap": bytes } })
            }
            "answers" => {
                let contender = contender.as_mut().expect("open first");
                let count = command.count.min(contender.len(&command.of));
                let answers: Vec<Value> = (0..count).map(|at| contender.answer(&command.of, at)).collect();
                json!({ "answers": answers })
            }
            "time" => time(contender.as_mut().expect("open first").as_mut(), &command),
            "end" => break,
            other => json!({ "error": format!("no such command: {other}") }),
        };
        println!("@{reply}");
        std::io::stdout().flush().expect("a reader");
    }
}

/// Runs for about `ms` milliseconds, in batches; at least once.
fn time(contender: &mut dyn Contender, command: &Command) -> Value {
    let watch = clock::Watch::start();
    let mut calls = 0_usize;
    let mut batch = 1_usize;
    let mut sink = 0_u64;
    loop {
        sink ^= contender.run(&command.of, calls, batch);
        calls += batch;
        let spent = watch.nanoseconds().0 / 1e6;
        if spent >= command.ms {
            break;
        }
        let room = (command.ms - spent) * calls as f64 / spent;
        batch = (batch * 2).min(room as usize).max(1);
    }
    let (wall, cpu) = watch.nanoseconds();
    json!({ "calls": calls, "wallNs": wall / calls as f64, "cpuNs": cpu / calls as f64, "sink": sink & 1 })
}
