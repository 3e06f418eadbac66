//! Many visits: a JSON object a line in, a decision a line out, in order. Holds one line at a time.

use std::io::{self, BufRead, BufWriter, Write};

use nameplate::{
    bundle::Bundle,
    decide::{ask_databases, decide, explain},
    model::Visit,
    net::geo::Databases,
    serve::parse_visit,
};
use serde::Serialize;

use crate::cli::{Failure, Outcome, terminal};

/// The longest line that is read, bytes: no visit is near it, and a file that is none could hold no line feed at all.
const LINE_BYTE_MAX: u64 = 1 << 20;

/// Stands in the place of a decision.
#[derive(Serialize)]
struct BadLine {
    error: String,
    /// Counted from 1.
    line: u64,
}

/// Decides every line of standard input. `now` is the time of visits that have none.
pub(super) fn run(bundle: &Bundle, databases: &Databases, explains: bool, now: i64) -> Result<Outcome, Failure> {
    let mut input = io::stdin().lock();
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let spinner = terminal::spinner("visits");
    let mut outcome = Outcome::Clean;
    let mut line = Vec::new();
    for number in 1_u64.. {
        let Some(read) = next_line(&mut input, &mut line)? else { break };
        match read.and_then(|()| to_visit(&line, now)).map(|visit| asked(bundle, databases, visit)) {
            Ok(visit) if explains => write(&mut out, &explain(bundle, &visit)),
            Ok(visit) => write(&mut out, &decide(bundle, &visit)),
            Err(error) => {
                outcome = Outcome::Errors;
                write(&mut out, &BadLine { error, line: number })
            }
        }?;
        spinner.inc(1);
    }
    spinner.finish_and_clear();
    out.flush()?;
    Ok(outcome)
}

/// The next line into `line`, `None` at the end. One that is too long is passed over and said to be bad.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<Result<(), String>>> {
    line.clear();
    let count = io::Read::take(&mut *input, LINE_BYTE_MAX).read_until(b'\n', line)?;
    if count == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') || (line.len() as u64) < LINE_BYTE_MAX {
        return Ok(Some(Ok(())));
    }
    input.skip_until(b'\n')?;
    Ok(Some(Err(format!("expected a visit, found a line of more than {LINE_BYTE_MAX} bytes"))))
}

fn to_visit(line: &[u8], now: i64) -> Result<Visit, String> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Err("expected a visit, found an empty line".to_owned());
    }
    let mut visit = parse_visit(line)?;
    visit.now = visit.now.or(Some(now));
    Ok(visit)
}

fn asked(bundle: &Bundle, databases: &Databases, mut visit: Visit) -> Visit {
    ask_databases(bundle, databases, &mut visit);
    visit
}

fn write(out: &mut impl Write, answer: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}
