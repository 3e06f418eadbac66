//! A decision for people: who, why, which slots, which ads.

use std::io::{self, Write};

use nameplate::model::{
    AppliedChange, Candidate, Decision, Explanation, Match, MatchKind, Outcome, Signal, SignalVerdict, Text,
};

/// Columns for names; longer ones push the rest to the right.
const NAME_WIDTH: usize = 16;
/// Characters of a text that are shown.
const TEXT_WIDTH: usize = 72;

pub(super) fn decision(out: &mut impl Write, decision: &Decision) -> io::Result<()> {
    write_who(out, decision)?;
    for slot in &decision.slots {
        let from = format!("{} / {}", slot.experience, slot.variant);
        writeln!(out, "  slot  {:<NAME_WIDTH$}  {from}", slot.slot)?;
        for change in &slot.changes {
            writeln!(out, "        {:<NAME_WIDTH$}    {}", "", change_text(change))?;
        }
    }
    for ad in &decision.ads {
        let from = format!("{} / {}", ad.line_item, ad.creative);
        writeln!(out, "  ad    {:<NAME_WIDTH$}  {from}, {}x{}", ad.placement, ad.width, ad.height)?;
        let words = ad.headline.as_deref().unwrap_or(&ad.alt);
        writeln!(out, "        {:<NAME_WIDTH$}    {} -> {}", "", shorten(words), ad.link)?;
    }
    let on_default: Vec<&str> =
        decision.reasons.iter().filter(|reason| reason.chosen.is_none()).map(|reason| &*reason.about).collect();
    if !on_default.is_empty() {
        writeln!(out, "  stays on Default: {}", on_default.join(", "))?;
    }
    Ok(())
}

pub(super) fn explanation(out: &mut impl Write, explanation: &Explanation) -> io::Result<()> {
    decision(out, &explanation.decision)?;
    // One alone is why the account was found, which is said above.
    if explanation.signals.len() > 1 {
        writeln!(out, "\nsignals")?;
        explanation.signals.iter().try_for_each(|signal| write_signal(out, signal))?;
    }
    let mut about: Option<&Text> = None;
    for candidate in &explanation.candidates {
        if about != Some(&candidate.about) {
            writeln!(out, "\n{}", candidate.about)?;
            about = Some(&candidate.about);
        }
        write_candidate(out, candidate)?;
    }
    Ok(())
}

fn write_who(out: &mut impl Write, decision: &Decision) -> io::Result<()> {
    match &decision.account {
        Some(account) => {
            let tier = account.tier.map(|tier| format!(", tier {tier}")).unwrap_or_default();
            let stage = account.stage.as_ref().map(|stage| format!(", {stage}")).unwrap_or_default();
            writeln!(out, "{} ({}{tier}{stage})", account.name, account.id)?;
        }
        None => writeln!(out, "nobody we know")?,
    }
    writeln!(out, "  why   {}", why(&decision.matched))?;
    if let Some(account) = decision.account.as_ref().filter(|account| !account.segments.is_empty()) {
        writeln!(out, "  in    {}", account.segments.join(", "))?;
    }
    Ok(())
}

fn why(matched: &Match) -> String {
    match (matched.kind, matched.confidence, matched.grade) {
        (MatchKind::Address, Some(confidence), Some(grade)) => {
            format!("{}; confidence {confidence} of 100, {}", matched.reason, grade.name())
        }
        _ => matched.reason.clone(),
    }
}

fn change_text(change: &AppliedChange) -> String {
    match change {
        AppliedChange::Text { value } | AppliedChange::Html { value } => shorten(value),
        AppliedChange::Attribute { name, value } => format!("{name} = {}", shorten(value)),
        AppliedChange::Class { name, value: true } => format!("class + {name}"),
        AppliedChange::Class { name, value: false } => format!("class - {name}"),
        AppliedChange::Visible { value: true } => "shown".to_owned(),
        AppliedChange::Visible { value: false } => "hidden".to_owned(),
        AppliedChange::Before { value } => format!("before: {}", shorten(value)),
        AppliedChange::After { value } => format!("after: {}", shorten(value)),
        AppliedChange::Redirect { value } => format!("-> {value}"),
    }
}

fn write_signal(out: &mut impl Write, signal: &Signal) -> io::Result<()> {
    let sign = match signal.verdict {
        SignalVerdict::Wins => '+',
        SignalVerdict::Agrees => '=',
        SignalVerdict::Overruled | SignalVerdict::Silent => '-',
    };
    let accounts = if signal.accounts.is_empty() { "nobody".to_owned() } else { signal.accounts.join(", ") };
    let name = format!("{}: {accounts}", signal.signal.name());
    writeln!(out, "  {sign} {name:<28}  {}", signal.evidence)
}

fn write_candidate(out: &mut impl Write, candidate: &Candidate) -> io::Result<()> {
    let sign = match candidate.outcome {
        Outcome::Chosen => '+',
        Outcome::Control | Outcome::HeldOut => '=',
        _ => '-',
    };
    writeln!(out, "  {sign} {:<28}  {}", candidate.name, candidate.text)
}

/// A text on one line, cut where it is long.
fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(TEXT_WIDTH).and_then(|(end, _)| line.get(..end)) {
        Some(start) => format!("{start}…"),
        None => line,
    }
}
