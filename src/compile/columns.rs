//! `accounts.custom`: columns of the account list that are no field of ours, each with a name and a type.
//!
//! What decides is whole numbers, texts and lists alone, so that every platform answers alike: a decimal number has a fixed count of digits
//! behind its point, and a date is its first second in UTC.

use crate::{
    compile::{
        accounts::whole_number,
        code,
        custom::is_name,
        diagnostic::{Diagnostics, Span},
        settings::check_count,
        source::Source,
        suggest,
        table::{Table, check_unique},
        window::instant_of,
        yaml::{Node, Value, Word},
    },
    limit::{LIST_MAX, SCALE_MAX},
    model::{AccountField, Cell, Kind, Measure, OwnColumn, Text},
};

/// A column that has a name and a type.
pub(super) struct Column {
    /// As rules know it.
    pub(super) own: OwnColumn,
    /// Where its name stands.
    pub(super) place: Span,
    /// What the list calls it.
    pub(super) header: Word,
    form: Form,
}

/// How its cells are written.
enum Form {
    Text,
    Number,
    Decimal(u8),
    Boolean,
    Date,
    /// Items with this between them.
    List(String),
}

pub(super) const TYPES: [&str; 6] = ["text", "number", "decimal", "boolean", "date", "list"];

/// The columns; one with errors is left out.
pub(super) fn read(accounts: &mut Table<'_>, source: Source<'_>, log: &mut Diagnostics) -> Vec<Column> {
    let Some(table) = accounts.table("custom", "names and columns", log) else { return Vec::new() };
    let place = table.span();
    let mut found: Vec<(Word, Column)> = Vec::new();
    let mut counts = [Kind::Text, Kind::Int, Kind::Bool, Kind::List].map(|kind| (kind, 0));
    for (name, node) in table.rest() {
        if !is_name(&name.text) {
            log.error(code::S005, name.span, format!("`{}` is not a name that conditions can read", name.text))
                .help("write 1 to 32 of `a` to `z`, digits and `_`, a letter first");
        }
        let Some((header, form)) = column(node, source, log) else { continue };
        let kind = form.kind();
        let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == kind) else { continue };
        let field = AccountField::own(kind, *count);
        *count += 1;
        if let Some(field) = field {
            let own = OwnColumn { field, name: name.shared(), measure: form.measure() };
            found.push((name.clone(), Column { own, place: name.span, header, form }));
        }
    }
    check_unique("column", found.iter().map(|(name, _)| name), log);
    for (kind, count) in counts {
        let max = (0..).take_while(|position| AccountField::own(kind, *position).is_some()).count();
        check_count(&format!("columns that hold {}", kind.name()), count, max, place, log);
    }
    found.into_iter().map(|(_, column)| column).collect()
}

/// The header and the form that a table gives.
fn column(node: Node, source: Source<'_>, log: &mut Diagnostics) -> Option<(Word, Form)> {
    let mut table = Table::new(node, "a column", source, log)?;
    let header = table.text("column", log);
    let kind = table.text("type", log);
    if let Some(kind) = kind.as_ref().filter(|kind| !TYPES.contains(&kind.text.as_str())) {
        log.error(code::S013, kind.span, format!("`{}` is not a type", kind.text))
            .help(format!("expected one of {}", suggest::listing(TYPES)))
            .maybe_help(suggest::nearest(&kind.text, TYPES).map(suggest::question));
        // Which further keys it has, nobody can say.
        return None;
    }
    let form = kind.map(|kind| match kind.text.as_str() {
        "number" => Form::Number,
        "boolean" => Form::Boolean,
        "date" => Form::Date,
        "decimal" => {
            let scale = table.int("scale", 1..=i64::from(SCALE_MAX), 2, log);
            Form::Decimal(u8::try_from(scale).unwrap_or(SCALE_MAX))
        }
        "list" => Form::List(separator(&mut table, log)),
        _ => Form::Text,
    });
    table.finish(log);
    Some((header?, form?))
}

fn separator(table: &mut Table<'_>, log: &mut Diagnostics) -> String {
    let Some(node) = table.take("separator") else { return ";".to_owned() };
    match node.value {
        Value::Text(text) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => {
            log.error(code::S013, node.span, "a separator is one or more characters that are no blanks".to_owned())
                .help("write it in quotes, such as `separator: \"|\"`");
            ";".to_owned()
        }
    }
}

impl Form {
    fn kind(&self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Number | Self::Decimal(_) | Self::Date => Kind::Int,
            Self::Boolean => Kind::Bool,
            Self::List(_) => Kind::List,
        }
    }

    fn measure(&self) -> Measure {
        match self {
            Self::Decimal(scale) => Measure::Decimal(*scale),
            Self::Date => Measure::Date,
            _ => Measure::Plain,
        }
    }
}

impl Column {
    /// What a cell says; one that is not of the type is reported.
    pub(super) fn value(&self, cell: &Word, log: &mut Diagnostics) -> Option<Cell> {
        let text = cell.text.as_str();
        let (expected, help, value) = match &self.form {
            Form::Text => return Some(Cell::Text(cell.shared())),
            Form::List(separator) => {
                let items = text.split(separator.as_str()).map(str::trim).filter(|item| !item.is_empty());
                let items: Vec<Text> = items.map(Text::from).collect();
                check_count(&self.own.name, items.len(), LIST_MAX, cell.span, log);
                return Some(Cell::List(items));
            }
            Form::Number => {
                let help = "write digits, with commas between thousands if you like: `84000` or `84,000`";
                ("a whole number".to_owned(), help.to_owned(), whole_number(text))
            }
            Form::Boolean => {
                ("true or false".to_owned(), "`yes` and `no`, and `1` and `0`, say the same".to_owned(), boolean(text))
            }
            Form::Date => {
                let help = "write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`";
                ("a date".to_owned(), help.to_owned(), instant_of(text))
            }
            Form::Decimal(scale) => {
                let expected = match decimal_parts(text) {
                    Some((_, behind)) if behind.len() > usize::from(*scale) => {
                        format!("at most {scale} digits behind the point")
                    }
                    _ => format!("a decimal number with at most {scale} digits behind the point"),
                };
                let help = "write a point, and no sign of a currency: `1250.75`; `scale` says how many digits may stand behind it";
                (expected, help.to_owned(), decimal(text, *scale))
            }
        };
        if value.is_none() {
            log.error(code::A003, cell.span, format!("`{}` is `{text}`; expected {expected}", self.own.name))
                .help(help);
        }
        value.map(Cell::Int)
    }
}

fn boolean(text: &str) -> Option<i64> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(1),
        "false" | "no" | "0" => Some(0),
        _ => None,
    }
}

/// A decimal number, in units of its last possible digit: with a scale of 2, `12.5` is 1250. `None` for more digits than that, and for
/// numbers that do not fit.
fn decimal(text: &str, scale: u8) -> Option<i64> {
    let (whole, behind) = decimal_parts(text)?;
    let missing = usize::from(scale).checked_sub(behind.len())?;
    let unit = 10_i64.checked_pow(scale.into())?;
    let rest: i64 = format!("0{behind}{}", "0".repeat(missing)).parse().ok()?;
    let rest = if text.starts_with('-') { -rest } else { rest };
    whole.checked_mul(unit)?.checked_add(rest)
}

/// The whole number before the point of a decimal one, and the digits behind it.
fn decimal_parts(text: &str) -> Option<(i64, &str)> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let is_number = !whole.trim_start_matches('-').is_empty() && behind.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = is_number && !(text.contains('.') && behind.is_empty());
    Some((whole_number(whole).filter(|_| is_whole)?, behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{boolean, decimal};
    use crate::model::Measure;

    proptest! {
        #[test]
        fn what_is_written_is_read(number: i64, scale in 1..=9_u8) {
            let text = Measure::Decimal(scale).written(number);
            prop_assert_eq!(decimal(&text, scale), Some(number), "{}", text);
        }
    }

    #[test]
    fn decimals_are_read_digit_by_digit() {
        let check = |text: &str, scale: u8, expect: Option<i64>| assert_eq!(decimal(text, scale), expect, "{text}");
        check("12.5", 2, Some(1_250));
        check("12.50", 2, Some(1_250));
        check("12", 2, Some(1_200));
        check("-0.05", 2, Some(-5));
        check("-3.05", 2, Some(-305));
        check("1,250.75", 2, Some(125_075));
        check("0.1", 1, Some(1));
        check("92233720368547758.07", 2, Some(i64::MAX));
        for wrong in [
            "12.505",
            "12.500",
            "12,50",
            "12.",
            ".5",
            "1e3",
            "$5",
            "1.2.3",
            "-",
            "",
            "92233720368547758.08",
            "1,25.5",
            "+1.5",
            "--1",
        ] {
            check(wrong, 2, None);
        }
    }

    #[test]
    fn a_boolean_is_written_as_programs_write_it() {
        let found = ["true", "FALSE", "Yes", "no", "1", "0", "y", "wahr", ""].map(boolean);
        assert_eq!(found, [Some(1), Some(0), Some(1), Some(0), Some(1), Some(0), None, None, None]);
    }
}
