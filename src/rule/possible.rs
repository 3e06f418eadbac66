//! Whether all that is asked at once can be. "No" is a proof, and "yes" is one, too: who changes the facts can make it so. What is not known is
//! what nobody here looks for: a text that two patterns have in common, numbers for several sums. Loops, not iterators: explanations are in
//! servers' modules, where each of them costs more than what it says.

use super::{Field, Instruction, ItemTest, TextTest, eval::Truth, ways::Literal};
use crate::model::{AccountField, Kind, Origin, TextFact};

/// Whether all of a way can be at once, of the facts that `is_asked` names.
pub(super) fn can_be(way: &[Literal<'_>], is_asked: &dyn Fn(&Literal<'_>) -> bool) -> Truth {
    let mut can = Truth::Yes;
    for (atom, wanted) in way {
        if way.contains(&(atom, !wanted)) {
            return Truth::No;
        }
        if !is_asked(&(atom, *wanted)) {
            continue;
        }
        let mut about = Vec::new();
        for other in way {
            if is_one_fact(atom, other.0) {
                about.push(*other);
            } else {
                can = can.and(can_be_beside(&(atom, *wanted), other));
            }
        }
        can = can.and(can_fact_be(atom, &about));
    }
    can
}

/// Whether two atoms ask about one fact: who changes it for the one may change it for the other.
pub(super) fn is_one_fact(one: &Instruction, other: &Instruction) -> bool {
    match (one, other) {
        (Instruction::Sum(terms, ..), other) => terms.iter().any(|(field, _)| reads(other, field)),
        (Instruction::InCidr(_), Instruction::InCidr(_)) => true,
        (one, other) => one.field().map_or(one == other, |field| reads(other, field)),
    }
}

fn reads(atom: &Instruction, field: &Field) -> bool {
    let is_same = |own: &Field| own == field || own.is_of_clock() && field.is_of_clock();
    match atom {
        Instruction::Sum(terms, ..) => terms.iter().any(|(own, _)| is_same(own)),
        atom => atom.field().is_some_and(is_same),
    }
}

/// What of a visit changes together: nothing, the page's address, that of the page before, who somebody is; and whether a literal asks for
/// so much of it that others may not be free any more.
fn area((atom, wanted): &Literal<'_>) -> (u8, bool) {
    let has = matches!(atom, Instruction::Has(_));
    match (atom, atom.field()) {
        (Instruction::InSegment(_) | Instruction::InCidr(_), _) => (3, true),
        (_, Some(field)) => match field.text_fact() {
            Some(TextFact::Url) => (1, !has || !wanted),
            Some(TextFact::Referrer) => (2, !has || !wanted),
            Some(TextFact::ReferrerHost) => (2, has && !wanted),
            Some(TextFact::Role | TextFact::Language) => (0, false),
            Some(_) => (1, has && !wanted),
            None if matches!(field.name_place(), Some((Origin::Query, _))) => (1, has && !wanted),
            None => (if field.is_of_account() { 3 } else { 0 }, false),
        },
        (Instruction::Sum(terms, ..), _) => {
            (if terms.iter().any(|(field, _)| field.account_field().is_some()) { 3 } else { 0 }, false)
        }
        _ => (0, false),
    }
}

/// Whether one fact can be what is asked of it beside another: a stranger has none, and parts of one area are not looked at together.
fn can_be_beside(one: &Literal<'_>, other: &Literal<'_>) -> Truth {
    let (mine, theirs) = (area(one), area(other));
    for (literal, (kind, _), (atom, wanted)) in [(one, theirs, other), (other, mine, one)] {
        let is_stranger = !literal.1
            && match literal.0 {
                Instruction::Holds(field) => field.is_known(),
                // Every account has these.
                Instruction::Has(field) => {
                    field.kind == Kind::List
                        || matches!(field.account_field(), Some(AccountField::Id | AccountField::Name))
                }
                _ => false,
            };
        let is_of_nobody = matches!(atom, Instruction::Has(_) | Instruction::InSegment(_)) && !wanted;
        if is_stranger && kind == 3 {
            return if matches!(atom, Instruction::InCidr(_)) { Truth::Unknown } else { Truth::from(is_of_nobody) };
        }
    }
    known(mine.0 == 0 || mine.0 != theirs.0 || !(mine.1 || theirs.1))
}

/// A proof that it can be, or nothing.
fn known(can: bool) -> Truth {
    if can { Truth::Yes } else { Truth::Unknown }
}

/// Whether one fact can be all that is asked of it.
fn can_fact_be(atom: &Instruction, about: &[Literal<'_>]) -> Truth {
    let (mut is_missing, mut asks, mut sums) = (false, 0_usize, 0_usize);
    for (atom, wanted) in about {
        match atom {
            Instruction::Has(_) => is_missing |= !wanted,
            Instruction::Sum(..) => sums = sums.saturating_add(1),
            _ => asks = asks.saturating_add(1),
        }
    }
    if let (Instruction::Sum(terms, comparison, _), 1, 0, false) = (atom, sums, asks, is_missing) {
        // One of its numbers makes up for the others.
        return known(!comparison.is_exact() || terms.iter().any(|(_, times)| times.unsigned_abs() == 1));
    }
    let Some(field) = atom.field() else {
        // Of prefixes only one is looked at.
        return if is_missing { Truth::No } else { known(about.len() == 1) };
    };
    if is_missing {
        // An atom over a missing value comes to neither yes nor no.
        return Truth::from(asks == 0 && sums == 0 && !field.is_known());
    }
    let can = match field.kind {
        Kind::Int => can_number_be(about),
        Kind::Text => can_text_be(field, about),
        Kind::List => can_list_be(about),
        _ => Truth::Yes,
    };
    can.and(known(sums == 0))
}

/// What an atom over a number looks at: whose clock, or nobody's, and what of it; and whether that comes each week with all else that does.
fn dial(atom: &Instruction) -> (&str, u8, bool) {
    match (atom, atom.field()) {
        (Instruction::Clock(_, part, zone, ..), _) => (zone.name(), *part as u8, part.is_weekly()),
        (_, Some(field)) => ("", field.code, field.is_weekly()),
        _ => ("", 0, false),
    }
}

/// The numbers that an atom compares with.
fn operands(atom: &Instruction) -> &[i64] {
    match atom {
        Instruction::Int(_, _, operand) | Instruction::Clock(.., operand) => std::slice::from_ref(operand),
        Instruction::IntIn(_, operands) => operands,
        _ => &[],
    }
}

/// Whether numbers, those of a field or those that clocks show, can be all that is asked of them.
fn can_number_be(about: &[Literal<'_>]) -> Truth {
    let mut is_sure = true;
    for (atom, _) in about {
        let (zone, part, is_weekly) = dial(atom);
        for (other, _) in about {
            let (other_zone, other_part, is_other_weekly) = dial(other);
            // Any hour comes with any day of the week, but not with any date.
            is_sure &= zone == other_zone && (part == other_part || is_weekly && is_other_weekly);
        }
        if !is_number(atom, about) {
            return Truth::No;
        }
    }
    known(is_sure)
}

/// Whether what an atom looks at can be all that is asked of it.
fn is_number(atom: &Instruction, about: &[Literal<'_>]) -> bool {
    let (low, high) = match atom {
        Instruction::Clock(_, part, ..) => part.range(),
        atom => atom.field().map_or((i64::MIN, i64::MAX), Field::range),
    };
    let own = dial(atom);
    let holds = |value: i64| {
        (low..=high).contains(&value)
            && about.iter().all(|(other, wanted)| match other {
                other if dial(other) != own => true,
                Instruction::Int(_, comparison, operand) | Instruction::Clock(.., comparison, operand) => {
                    comparison.holds(value, *operand) == *wanted
                }
                Instruction::IntIn(_, operands) => operands.contains(&value) == *wanted,
                _ => true,
            })
    };
    // Where anything changes is at an operand or beside it: if no such number will do, none does.
    for (other, _) in about {
        for operand in operands(other) {
            for beside in [-1, 0, 1] {
                if holds(operand.saturating_add(beside)) {
                    return true;
                }
            }
        }
    }
    holds(low) || holds(high)
}

/// What every text of a field is, and is not.
#[must_use]
pub fn shape(field: &Field) -> &'static [(TextTest, &'static str, bool)] {
    const PATH: [(TextTest, &str, bool); 3] =
        [(TextTest::StartsWith, "/", true), (TextTest::Contains, "?", false), (TextTest::Contains, "#", false)];
    const SOME: [(TextTest, &str, bool); 1] = [(TextTest::Equal, "", false)];
    const HOST: [(TextTest, &str, bool); 4] = [
        (TextTest::Equal, "", false),
        (TextTest::Contains, "/", false),
        (TextTest::Contains, "?", false),
        (TextTest::Contains, "#", false),
    ];
    match field.text_fact() {
        Some(TextFact::Path) => &PATH,
        Some(TextFact::Host) => &HOST,
        // A token may name a campaign, too.
        Some(TextFact::UtmCampaign | TextFact::Role | TextFact::Language | TextFact::Url) => &[],
        None if field.account_field().is_none() && !matches!(field.name_place(), Some((Origin::Query, _))) => &[],
        _ => &SOME,
    }
}

/// In no text that anybody asks for: it keeps apart what is asked of a text's beginning, its end and all between.
const APART: &str = "\u{e000}";

fn can_text_be(field: &Field, about: &[Literal<'_>]) -> Truth {
    let shape = shape(field);
    let holds = |value: &str| {
        about.iter().all(|(atom, wanted)| match atom {
            Instruction::Text(_, test, operand) => test.holds(value, operand) == *wanted,
            Instruction::TextIn(_, operands) => operands.iter().any(|operand| **operand == *value) == *wanted,
            Instruction::Matches(_, pattern) => pattern.matches(value) == *wanted,
            _ => true,
        }) && shape.iter().all(|(test, operand, wanted)| test.holds(value, operand) == *wanted)
    };
    let mut start = shape.first().map_or("", |(_, operand, _)| operand);
    let (mut end, mut between, mut is_plain) = ("", String::from(APART), true);
    for (atom, wanted) in about {
        match (atom, wanted) {
            // Where it must be one of a few, they can be tried.
            (Instruction::Text(_, TextTest::Equal, text), true)
            | (Instruction::Text(_, TextTest::NotEqual, text), false) => return Truth::from(holds(text)),
            (Instruction::TextIn(_, texts), true) => return Truth::from(texts.iter().any(|text| holds(text))),
            (Instruction::Text(_, test, text), wanted) => {
                is_plain &= !TextTest::Contains.holds(text, APART);
                match test {
                    TextTest::StartsWith if *wanted && text.len() > start.len() => start = text,
                    TextTest::EndsWith if *wanted && text.len() > end.len() => end = text,
                    TextTest::Contains if *wanted => {
                        between.push_str(text);
                        between.push_str(APART);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let mut can = Truth::Unknown;
    for (atom, wanted) in about {
        if let Instruction::Matches(_, pattern) = atom {
            is_plain = false;
            let Some(example) = pattern.example(start, *wanted) else { return Truth::No };
            if std::str::from_utf8(&example).is_ok_and(holds) {
                can = Truth::Yes;
            }
        }
    }
    between.insert_str(0, start);
    between.push_str(end);
    // What is said of parts alone holds for this text, or for none.
    if holds(&between) {
        Truth::Yes
    } else if is_plain {
        Truth::No
    } else {
        can
    }
}

/// Whether a list can hold all that is asked for, each of which is none of what is refused.
fn can_list_be(about: &[Literal<'_>]) -> Truth {
    let mut can = Truth::Yes;
    for (atom, wanted) in about {
        let item = match atom {
            Instruction::Any(_, ItemTest::Pattern(pattern), holds)
                if *wanted && pattern.example("", *holds).is_none() =>
            {
                return Truth::No;
            }
            Instruction::Any(_, ItemTest::Text(TextTest::Equal, text), true) | Instruction::Includes(_, text) => text,
            _ => "",
        };
        for (other, is_other) in about {
            let is_refused = match other {
                _ if !wanted || *is_other => continue,
                Instruction::Any(_, test, holds) => test.holds(item) == *holds,
                Instruction::Includes(_, text) => **text == *item,
                _ => continue,
            };
            can = can.and(if item.is_empty() { Truth::Unknown } else { Truth::from(!is_refused) });
        }
    }
    can
}
