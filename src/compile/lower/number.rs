//! Arithmetic: sums of fields and literals, compared. What is known is added up when the site is compiled, so a comparison of one field stays
//! the comparison that it is.

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue, operators},
};
use jiff::SignedDuration;

use super::{Lowering, mirrored, name::dotted};
use crate::{
    compile::{code, suggest, window, zone},
    limit::DAY_SECONDS,
    model::Kind,
    rule::{ClockPart, Comparison, Field, Instruction},
};

/// Fields, each taken so many times, and a number: all of it in units of the last of `scale` digits behind the point.
#[derive(Default)]
struct Linear {
    terms: Vec<(&'static Field, i64)>,
    constant: i128,
    scale: u32,
}

impl Linear {
    fn of(constant: i64) -> Self {
        Self { constant: constant.into(), ..Self::default() }
    }

    /// A decimal number as it is written, at most 15 digits: so many a literal holds exactly.
    fn of_decimal(literal: f64) -> Option<Self> {
        let text = literal.to_string();
        let (whole, behind) = text.split_once('.').unwrap_or((&text, ""));
        let constant: i64 = format!("{whole}{behind}").parse().ok()?;
        let is_exact = constant.unsigned_abs() < 1_000_000_000_000_000;
        is_exact.then_some(Self { scale: u32::try_from(behind.len()).ok()?, ..Self::of(constant) })
    }

    /// The same in smaller units.
    fn scaled(self, scale: u32) -> Option<Self> {
        let factor = 10_i64.checked_pow(scale.checked_sub(self.scale)?)?;
        Some(Self { scale, ..self.times(factor)? })
    }

    /// Both in the units of the smaller.
    fn aligned(self, other: Self) -> Option<(Self, Self)> {
        let scale = self.scale.max(other.scale);
        self.scaled(scale).zip(other.scaled(scale))
    }

    fn times(self, factor: i64) -> Option<Self> {
        let term = |(field, times): (&'static Field, i64)| Some((field, times.checked_mul(factor)?));
        let terms = self.terms.into_iter().map(term).collect::<Option<Vec<_>>>()?;
        Some(Self { terms, constant: self.constant.checked_mul(factor.into())?, ..self })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (mut this, other) = self.aligned(other)?;
        for (field, times) in other.terms {
            match this.terms.iter_mut().find(|(known, _)| *known == field) {
                Some((_, known)) => *known = known.checked_add(times)?,
                None => this.terms.push((field, times)),
            }
        }
        this.terms.retain(|(_, times)| *times != 0);
        Some(Self { constant: this.constant.checked_add(other.constant)?, ..this })
    }

    /// The whole number, if it is nothing else.
    fn alone(&self) -> Option<i64> {
        self.factor().filter(|_| self.scale == 0)
    }

    /// The number in its units, if it is nothing else.
    fn factor(&self) -> Option<i64> {
        i64::try_from(self.constant).ok().filter(|_| self.terms.is_empty())
    }

    /// This so many times as `factor` says, which is in units of its own.
    fn product(self, factor: i64, scale: u32) -> Option<Self> {
        let scale = self.scale.checked_add(scale)?;
        Some(Self { scale, ..self.times(factor)? })
    }
}

/// Whether a part is more than a field or a literal: then numbers are worked out.
pub(super) fn is_arithmetic(part: &IdedExpr) -> bool {
    match &part.expr {
        Expr::Call(call) => {
            let functions = ["date", "timestamp", "duration"];
            let signs = [
                operators::ADD,
                operators::SUBSTRACT,
                operators::MULTIPLY,
                operators::DIVIDE,
                operators::MODULO,
                operators::NEGATE,
            ];
            signs.contains(&call.func_name.as_str()) || functions.contains(&call.func_name.as_str())
        }
        _ => false,
    }
}

impl<'a> Lowering<'a> {
    /// A comparison of two sides of which one at least is worked out, or of two fields that hold numbers.
    pub(super) fn compare_sums(
        &mut self,
        part: &IdedExpr,
        left: &'a IdedExpr,
        comparison: Comparison,
        right: &'a IdedExpr,
    ) {
        let left = self.linear(left);
        // What a literal is compared with is not known then: of which type it should be, neither.
        let is_moot = left.is_none() && matches!(right.expr, Expr::Literal(_));
        let right = if is_moot { None } else { self.linear(right) };
        let Some((left, right)) = left.zip(right) else { return };
        let Some(difference) = right.times(-1).and_then(|right| left.plus(right)) else {
            self.error(code::R003, part, "the numbers are too large".to_owned());
            return;
        };
        let Some(wanted) = difference.constant.checked_neg() else { return };
        let has_decimals = difference.terms.iter().any(|(field, _)| self.scope.scale(field) > 0);
        match difference.terms.as_slice() {
            [_, ..] if difference.scale > 0 && !has_decimals => {
                self.error(code::R003, part, "a whole number is compared with a decimal one".to_owned())
                    .help("write a whole number; only a column of the type `decimal` has digits behind the point");
            }
            [(field, times)] if has_decimals && comparison.is_exact() && wanted % i128::from(*times) != 0 => {
                let (name, scale) = (self.scope.name_of(field), self.scope.scale(field));
                let message = format!("`{name}` has {scale} digits behind the point: it is never this");
                self.error(code::R003, part, message).help("write no more digits than `scale` says");
            }
            [] => {
                self.error(code::R003, part, "no field is left to compare".to_owned())
                    .help("what is known needs no condition");
            }
            [(field, times)] => self.push(compare_one(field, *times, comparison, wanted)),
            terms => {
                let is_of_account = |(field, _): &(&'static Field, i64)| field.is_of_account();
                if terms.iter().any(is_of_account) && !terms.iter().all(is_of_account) {
                    self.error(code::R002, part, "fields of the account and of the visit are added up".to_owned())
                        .help("compare each with a number; the account's part is worked out when the site is compiled");
                } else if let Ok(wanted) = i64::try_from(wanted) {
                    self.push(Instruction::Sum(terms.to_vec(), comparison, wanted));
                } else {
                    self.error(code::R003, part, "the numbers are too large".to_owned());
                }
            }
        }
    }

    /// Whether a part is a column of decimal numbers.
    pub(super) fn is_decimal(&self, part: &IdedExpr) -> bool {
        let field = dotted(part).and_then(|name| self.scope.column_field(&name));
        field.is_some_and(|field| self.scope.scale(field) > 0)
    }

    /// A number of a list, in units of the last of so many digits behind the point; what is none is reported.
    pub(super) fn listed_decimal(&mut self, part: &'a IdedExpr, scale: u8) -> Option<i64> {
        let number = self.linear(part)?;
        let scaled = number.scaled(scale.into()).and_then(|number| number.factor());
        if scaled.is_none() {
            let message = format!("expected a number with at most {scale} digits behind the point");
            self.error(code::R003, part, message).help("write no more digits than `scale` says");
        }
        scaled
    }

    /// What a part adds up to; what is no number is reported.
    fn linear(&mut self, part: &'a IdedExpr) -> Option<Linear> {
        match &part.expr {
            Expr::Literal(LiteralValue::Int(value)) => Some(Linear::of(*value.inner())),
            Expr::Literal(LiteralValue::Double(value)) => {
                let digits = self.words(part).bytes().filter(u8::is_ascii_digit).count();
                let found = Linear::of_decimal(*value.inner()).filter(|_| digits <= 15);
                if found.is_none() {
                    self.error(code::R003, part, "a decimal number has at most 15 digits".to_owned());
                }
                found
            }
            Expr::Call(call) if call.target.is_none() => self.worked_out(part, call),
            Expr::Select(_) | Expr::Ident(_) => {
                let field = self.field(part)?;
                if field.kind != Kind::Int {
                    let message = format!("expected a whole number, found {}", field.kind.name());
                    self.error(code::R003, part, message);
                    return None;
                }
                Some(Linear { terms: vec![(field, 1)], constant: 0, scale: self.scope.scale(field).into() })
            }
            _ => {
                let operand = self.operand(part)?;
                self.error(code::R003, part, format!("expected a whole number, found {}", operand.name()));
                None
            }
        }
    }

    fn worked_out(&mut self, part: &'a IdedExpr, call: &'a CallExpr) -> Option<Linear> {
        let too_large = |found: Option<Linear>, this: &mut Self| {
            if found.is_none() {
                this.error(code::R003, part, "the numbers are too large".to_owned());
            }
            found
        };
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::SUBSTRACT, [left, right]) if self.is_hyphenated(part, left, right) => None,
            (operators::ADD | operators::SUBSTRACT, [left, right]) => {
                let (left, right) = (self.linear(left), self.linear(right));
                let sign = if call.func_name == operators::ADD { 1 } else { -1 };
                let (left, right) = left.zip(right)?;
                too_large(right.times(sign).and_then(|right| left.plus(right)), self)
            }
            (operators::NEGATE, [inner]) => {
                let inner = self.linear(inner)?;
                too_large(inner.times(-1), self)
            }
            (operators::MULTIPLY, [left, right]) => {
                let (left, right) = (self.linear(left), self.linear(right));
                let (left, right) = left.zip(right)?;
                let product = match (left.factor(), right.factor()) {
                    (Some(factor), _) => right.product(factor, left.scale),
                    (_, Some(factor)) => left.product(factor, right.scale),
                    _ => {
                        self.error(code::R002, part, "two fields are multiplied".to_owned())
                            .help("multiply a field with a number");
                        return None;
                    }
                };
                too_large(product, self)
            }
            (operators::DIVIDE | operators::MODULO, [left, right]) => self.divided(part, call, left, right),
            ("date" | "timestamp", [text]) => {
                let text = self.literal_text(text)?;
                let Some(instant) = window::instant_of(text) else {
                    self.error(code::R003, part, format!("`{text}` is not a date")).help(
                        "write `date(\"2026-01-31\")`, which is midnight UTC, or `timestamp(\"2026-01-31T09:00:00Z\")`",
                    );
                    return None;
                };
                Some(Linear::of(instant))
            }
            ("duration", [text]) => {
                let text = self.literal_text(text)?;
                let Some(seconds) = seconds(text) else {
                    self.error(code::R003, part, format!("`{text}` is not a duration"))
                        .help("write days, hours, minutes and seconds: `duration(\"30d\")`, `duration(\"1h30m\")`");
                    return None;
                };
                Some(Linear::of(seconds))
            }
            _ if dotted(part).is_some() => {
                let field = self.field(part)?;
                let message = format!("expected a whole number, found {}", field.kind.name());
                self.error(code::R003, part, message);
                None
            }
            _ => {
                self.unsupported(part, "expected a number");
                None
            }
        }
    }

    /// Whether somebody wrote `account.short-name`; then it is reported.
    fn is_hyphenated(&mut self, part: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> bool {
        let Expr::Ident(last) = &right.expr else { return false };
        let Some(name) = dotted(left).map(|first| format!("{first}_{last}")) else { return false };
        let is_meant = Field::from_name(&name).is_some();
        if is_meant {
            let words = self.words(part);
            self.error(code::R012, part, format!("unknown field `{words}`")).help(format!("did you mean `{name}`?"));
        }
        is_meant
    }

    fn divided(
        &mut self,
        part: &'a IdedExpr,
        call: &CallExpr,
        left: &'a IdedExpr,
        right: &'a IdedExpr,
    ) -> Option<Linear> {
        let (left, right) = (self.linear(left), self.linear(right));
        let (left, right) = left.zip(right)?;
        let Some((left, right)) = left.alone().zip(right.alone()) else {
            self.error(code::R002, part, "a field is divided".to_owned())
                .help("multiply the other side instead: `a > 10 * b` for `a / b > 10`");
            return None;
        };
        let result =
            if call.func_name == operators::DIVIDE { left.checked_div(right) } else { left.checked_rem(right) };
        let Some(result) = result else {
            self.error(code::R003, part, "this divides by zero".to_owned());
            return None;
        };
        Some(Linear::of(result))
    }

    /// `now.getHours("Europe/Berlin")`: the part of a clock and its zone, if a part of the condition asks for one.
    pub(super) fn compare_clock(
        &mut self,
        call: &'a CallExpr,
        part: &'a IdedExpr,
        comparison: Comparison,
        other: &'a IdedExpr,
    ) -> bool {
        let Some(clock) = ClockPart::ALL.into_iter().find(|clock| clock.name() == call.func_name) else { return false };
        let Some(target) = &call.target else { return false };
        let field = self.field(target).filter(|field| field.name == "time.unix");
        if field.is_none() {
            self.error(code::R003, part, format!("`{}` asks for the time", clock.name()))
                .help(format!("write `now.{}(\"Europe/Berlin\")`", clock.name()));
        }
        let name = match call.args.as_slice() {
            [] => Some("UTC"),
            [name] => self.literal_text(name),
            _ => None,
        };
        let wanted = self.linear(other);
        let (Some(field), Some(name), Some(wanted)) = (field, name, wanted) else { return true };
        let Some(wanted) = wanted.alone() else {
            self.error(code::R002, other, "a clock is compared with a field".to_owned())
                .help("compare it with a number");
            return true;
        };
        match zone::zone(name) {
            Some(zone) => self.push(Instruction::Clock(field, clock, zone, comparison, wanted)),
            None => {
                let names = zone::names();
                let known = names.iter().map(String::as_str);
                self.error(code::R003, part, format!("there is no time zone `{name}`"))
                    .help("write its IANA name, such as `Europe/Berlin`")
                    .maybe_help(suggest::sentence("a time zone", name, known));
            }
        }
        true
    }

    /// The same with its sides exchanged, for `9 <= now.getHours()`.
    pub(super) fn is_clock(part: &IdedExpr) -> Option<&CallExpr> {
        match &part.expr {
            Expr::Call(call) if call.target.is_some() && call.func_name.starts_with("get") => Some(call),
            _ => None,
        }
    }

    /// A comparison that reads a clock on either side; `false` where it reads none.
    pub(super) fn compares_clock(&mut self, left: &'a IdedExpr, comparison: Comparison, right: &'a IdedExpr) -> bool {
        if let Some(call) = Self::is_clock(left) {
            return self.compare_clock(call, left, comparison, right);
        }
        match Self::is_clock(right) {
            Some(call) => self.compare_clock(call, right, mirrored(comparison), left),
            None => false,
        }
    }
}

/// `times * field <comparison> wanted`, as a comparison of the field alone. Whether the field has a value stays the question that it is.
fn compare_one(field: &'static Field, times: i64, comparison: Comparison, wanted: i128) -> Instruction {
    let (times, comparison, wanted) = match times < 0 {
        true => (-i128::from(times), mirrored(comparison), -wanted),
        false => (i128::from(times), comparison, wanted),
    };
    let (down, up) = (wanted.div_euclid(times), -(-wanted).div_euclid(times));
    let is_whole = down == up;
    let (comparison, bound) = match comparison {
        Comparison::Equal | Comparison::NotEqual if is_whole => (comparison, down),
        // Between two numbers there is none.
        Comparison::Equal => (Comparison::Less, i64::MIN.into()),
        Comparison::NotEqual => (Comparison::GreaterOrEqual, i64::MIN.into()),
        Comparison::Less if is_whole => (comparison, down),
        Comparison::Less | Comparison::LessOrEqual => (Comparison::LessOrEqual, down),
        Comparison::Greater if is_whole => (comparison, up),
        Comparison::Greater | Comparison::GreaterOrEqual => (Comparison::GreaterOrEqual, up),
    };
    let never = Instruction::Int(field, Comparison::Less, i64::MIN);
    let always = Instruction::Int(field, Comparison::GreaterOrEqual, i64::MIN);
    match i64::try_from(bound) {
        Ok(bound) => Instruction::Int(field, comparison, bound),
        Err(_) => match (comparison, bound > 0) {
            (Comparison::Equal, _) => never,
            (Comparison::NotEqual, _) => always,
            (Comparison::Less | Comparison::LessOrEqual, true) => always,
            (Comparison::Greater | Comparison::GreaterOrEqual, false) => always,
            _ => never,
        },
    }
}

/// The seconds of `1h30m`, as CEL writes durations, and of `30d`.
fn seconds(text: &str) -> Option<i64> {
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<i64>().ok()) {
        return days.checked_mul(DAY_SECONDS);
    }
    let duration: SignedDuration = text.parse().ok()?;
    (duration.subsec_nanos() == 0).then(|| duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::{compare_one, seconds};
    use crate::rule::{Comparison, Field, Instruction};

    #[test]
    fn a_multiple_is_compared_as_the_field_is() {
        let field = Field::from_name("visitor.visits").unwrap();
        for times in [-3_i64, -1, 1, 2, 3, 7] {
            for wanted in -9_i128..=9 {
                for comparison in Comparison::ALL {
                    let Instruction::Int(_, found, bound) = compare_one(field, times, comparison, wanted) else {
                        panic!()
                    };
                    for value in -12_i64..=12 {
                        let expect = comparison.holds_wide(i128::from(value * times), wanted);
                        assert_eq!(found.holds(value, bound), expect, "{times} * {value} {comparison:?} {wanted}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_no_number_reaches_is_always_or_never() {
        let field = Field::from_name("visitor.visits").unwrap();
        let check = |comparison, wanted: i128, expect: bool| {
            let Instruction::Int(_, found, bound) = compare_one(field, 1, comparison, wanted) else { panic!() };
            for value in [i64::MIN, 0, i64::MAX] {
                assert_eq!(found.holds(value, bound), expect, "{comparison:?} {wanted}");
            }
        };
        let huge = i128::from(i64::MAX) + 9;
        for (comparison, above, below) in [
            (Comparison::Less, true, false),
            (Comparison::LessOrEqual, true, false),
            (Comparison::Greater, false, true),
            (Comparison::GreaterOrEqual, false, true),
            (Comparison::Equal, false, false),
            (Comparison::NotEqual, true, true),
        ] {
            check(comparison, huge, above);
            check(comparison, -huge, below);
        }
    }

    #[test]
    fn durations_are_seconds() {
        for (text, expect) in [
            ("30d", Some(2_592_000)),
            ("1h30m", Some(5_400)),
            ("90s", Some(90)),
            ("-5m", Some(-300)),
            ("1.5s", None),
            ("x", None),
            ("5", None),
        ] {
            assert_eq!(seconds(text), expect, "{text}");
        }
    }
}
