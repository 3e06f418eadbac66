//! Conditions to programs: types are checked against the table of fields, names against the site.

mod cookie;
mod item;
mod member;
mod name;
mod number;
mod query;

use std::sync::Arc;

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue, SelectExpr, operators},
};

use self::name::{FUNCTIONS, called, dotted};
use crate::{
    compile::{
        cel::{self as syntax, Condition},
        code,
        diagnostic::{Diagnostic, Diagnostics},
        pattern,
        scope::Scope,
        source::Source,
        suggest,
        written::locate,
        yaml::Word,
    },
    model::{DEVICES, Kind, OwnColumn, ROLES, STAGES, Text, VISIBILITIES},
    rule::{Comparison, FIELDS, Field, Instruction, Pattern, Program, ProgramError, TextTest},
};

/// What a condition may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// Only `account.*`: a segment is a set of accounts.
    Account,
    /// Every field.
    All,
}

/// The program of a condition, or `None` when it has errors; all of them are reported.
pub(super) fn lower(
    word: &Word,
    source: Source<'_>,
    scope: &Scope<'_>,
    reads: Reads,
    log: &mut Diagnostics,
) -> Option<Program> {
    let condition = match syntax::parse(&word.text) {
        Ok(condition) => condition,
        Err(error) => {
            let span = locate(word, error.range, source);
            log.error(error.code, span, error.message).maybe_help(error.help.map(str::to_owned));
            return None;
        }
    };
    let mut lowering = Lowering { condition: &condition, word, source, scope, reads, log, steps: Some(Vec::new()) };
    lowering.truth(&condition.expr);
    let steps = lowering.steps?;
    let error = match Program::new(steps) {
        Ok(program) => return Some(program),
        Err(error) => error,
    };
    let message = match error {
        ProgramError::TooDeep => "the condition nests too deeply",
        _ => "the condition is too long",
    };
    log.error(code::R006, word.span, message.to_owned()).help("name a part of it as a segment");
    None
}

struct Lowering<'a> {
    condition: &'a Condition<'a>,
    word: &'a Word,
    source: Source<'a>,
    scope: &'a Scope<'a>,
    reads: Reads,
    log: &'a mut Diagnostics,
    /// `None` once an error was found; the rest is only checked then.
    steps: Option<Vec<Instruction>>,
}

/// A part that is compared.
enum Operand<'a> {
    Field(&'static Field),
    Int(i64),
    Bool(bool),
    Text(&'a str),
}

impl Operand<'_> {
    /// What it is called in a message.
    fn name(&self) -> &'static str {
        match self {
            Self::Field(_) => "a field",
            Self::Int(_) => Kind::Int.name(),
            Self::Bool(_) => Kind::Bool.name(),
            Self::Text(_) => Kind::Text.name(),
        }
    }
}

impl<'a> Lowering<'a> {
    fn push(&mut self, instruction: Instruction) {
        if let Some(steps) = &mut self.steps {
            steps.push(instruction);
        }
    }

    fn error(&mut self, code: code::Code, part: &IdedExpr, message: String) -> &mut Diagnostic {
        self.steps = None;
        let span = locate(self.word, self.condition.range(part), self.source);
        self.log.error(code, span, message)
    }

    /// What the author wrote there.
    fn words(&self, part: &IdedExpr) -> &'a str {
        self.word.text.get(self.condition.range(part)).unwrap_or("")
    }

    /// A part that holds or does not.
    fn truth(&mut self, part: &'a IdedExpr) {
        match &part.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => self.push(Instruction::Constant(*value.inner())),
            Expr::Call(_) if dotted(part).is_some() => self.holds(part),
            Expr::Call(call) => self.call(part, call),
            Expr::Select(select) if select.test => self.has(part, select),
            Expr::Select(_) | Expr::Ident(_) => self.holds(part),
            Expr::Literal(_) | Expr::List(_) => {
                let message = format!("expected a condition, found `{}`", self.words(part));
                self.error(code::R003, part, message);
            }
            Expr::Comprehension(whole) => self.quantified(part, whole),
            _ => self.unsupported(part, "this is not supported in a condition"),
        }
    }

    /// A field that stands alone.
    fn holds(&mut self, part: &'a IdedExpr) {
        let Some(field) = self.field(part) else { return };
        match field.kind {
            Kind::Bool => self.push(Instruction::Holds(field)),
            kind => {
                let name = self.scope.name_of(field);
                let help = format!("compare it, such as `{name} == ...`, or ask `has({name})`");
                let message = format!("expected a condition, found {}", kind.name());
                self.error(code::R003, part, message).help(help);
            }
        }
    }

    fn unsupported(&mut self, part: &IdedExpr, message: &str) {
        self.error(code::R002, part, message.to_owned()).help(
            "supported are && || ! == != < <= > >= + - * in, has(), exists(), all() and the functions of docs/site-folder.md",
        );
    }

    fn call(&mut self, part: &'a IdedExpr, call: &'a CallExpr) {
        let comparison =
            |sign: &str| Comparison::ALL.into_iter().find(|comparison| sign == format!("_{}_", comparison.sign()));
        match (call.func_name.as_str(), call.args.as_slice(), &call.target) {
            (operators::LOGICAL_AND, [left, right], None) => self.both(left, right, Instruction::And),
            (operators::LOGICAL_OR, [left, right], None) => self.both(left, right, Instruction::Or),
            (operators::LOGICAL_NOT, [inner], None) => {
                self.truth(inner);
                self.push(Instruction::Not);
            }
            (operators::IN, [item, list], None) => self.membership(item, list),
            ("in_segment", [name], None) => self.in_segment(part, name),
            ("in_cidr", [address, prefix], None) => self.in_cidr(address, prefix),
            ("startsWith", [operand], Some(target)) => self.text_test(target, TextTest::StartsWith, operand),
            ("endsWith", [operand], Some(target)) => self.text_test(target, TextTest::EndsWith, operand),
            ("contains", [operand], Some(target)) => self.text_test(target, TextTest::Contains, operand),
            (name @ ("matches" | "glob"), [operand], Some(target)) => {
                self.pattern_test(target, name == "glob", operand)
            }
            (operators::INDEX, ..) => self.index(part),
            (operators::CONDITIONAL, ..) => {
                self.error(code::R002, part, "`? :` is not supported".to_owned()).help("write `(a && b) || (!a && c)`");
            }
            (name, [left, right], None) if comparison(name).is_some() => {
                if let Some(comparison) = comparison(name) {
                    self.compare(part, left, comparison, right);
                }
            }
            (name, ..) if name.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let help = suggest::nearest(name, FUNCTIONS).filter(|known| *known != name);
                let help = help.map(|known| format!("did you mean `{known}`?"));
                let message = match help.is_none() && FUNCTIONS.contains(&name) {
                    true => format!("`{name}` is called with the wrong number of values, or in the wrong place"),
                    false => format!("there is no function `{name}`"),
                };
                let examples =
                    "`page.path.startsWith(\"/a\")`, `in_segment(\"name\")`, `in_cidr(visitor.ip, \"192.0.2.0/24\")`";
                self.error(code::R002, part, message).help(format!("functions are {examples}")).maybe_help(help);
            }
            _ => self.unsupported(part, "this operator is not supported in a condition"),
        }
    }

    fn index(&mut self, part: &IdedExpr) {
        self.error(code::R002, part, "`[...]` is not supported".to_owned()).help("write `account.tier`");
    }

    fn both(&mut self, left: &'a IdedExpr, right: &'a IdedExpr, operator: Instruction) {
        self.truth(left);
        self.truth(right);
        self.push(operator);
    }

    fn has(&mut self, part: &'a IdedExpr, select: &SelectExpr) {
        let Some(name) = dotted(&select.operand).map(|root| format!("{root}.{}", select.field)) else {
            return self.unsupported(part, "`has` asks for a field");
        };
        let Some(field) = self.known_field(part, &name) else { return };
        match field.kind {
            Kind::Address => {
                self.error(code::R003, part, "`has` cannot ask for an address".to_owned());
            }
            _ => self.push(Instruction::Has(field)),
        }
    }

    /// The field that a part names. What is none is reported.
    fn field(&mut self, part: &IdedExpr) -> Option<&'static Field> {
        if let Some(name) = called("query", part) {
            return self.query(part, name);
        }
        if let Some(name) = called("cookie", part) {
            return self.cookie(part, name);
        }
        let Some(name) = dotted(part) else {
            let words = self.words(part);
            self.error(code::R003, part, format!("expected a field, found `{words}`"));
            return None;
        };
        self.known_field(part, &name)
    }

    fn known_field(&mut self, part: &IdedExpr, name: &str) -> Option<&'static Field> {
        if let Some(parameter) = name.strip_prefix("page.query.").filter(|rest| !rest.contains('.')) {
            return self.query(part, parameter);
        }
        if let Some(cookie) = name.strip_prefix("visitor.cookies.").filter(|rest| !rest.contains('.')) {
            return self.cookie(part, cookie);
        }
        let Some(field) =
            Field::from_name(name).or_else(|| self.scope.custom_field(name).or_else(|| self.scope.column_field(name)))
        else {
            let root = name.split('.').next().unwrap_or(name);
            let roots = ["account", "visitor", "page", "time"];
            let known = FIELDS.iter().map(|field| field.name).filter(|known| known.starts_with(&format!("{root}.")));
            let label = match roots.contains(&root) && name != root {
                true => format!("no such field on `{root}`"),
                false => "no such field".to_owned(),
            };
            let list = match roots.contains(&root) {
                true if name.starts_with("account.custom.") => {
                    "columns of your own have names under `custom` of `accounts` in nameplate.yaml".to_owned()
                }
                true => format!(
                    "the fields of `{root}` are {}",
                    known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                ),
                false if root == "custom" => "what pages tell is declared under `custom` in nameplate.yaml".to_owned(),
                false => {
                    let roots = roots.map(|root| format!("`{root}.`")).join(", ");
                    format!("a text stands in quotes, `\"{name}\"`; a field begins with {roots}")
                }
            };
            let whole = FIELDS.iter().map(|field| field.name).find(|known| known.split('.').nth(1) == Some(name));
            let own: Vec<String> = self.scope.columns.iter().map(OwnColumn::spelled).collect();
            let known = FIELDS.iter().map(|field| field.name).chain(own.iter().map(String::as_str));
            let nearest = suggest::sentence("a field", name, known);
            let nearest = whole.map(suggest::question).or(nearest.filter(|_| name != root));
            self.error(code::R012, part, format!("unknown field `{name}`")).label(label).help(list).maybe_help(nearest);
            return None;
        };
        self.readable(part, name, field)
    }

    /// The field, if what the condition is for may read it.
    fn readable(&mut self, part: &IdedExpr, name: &str, field: &'static Field) -> Option<&'static Field> {
        if self.reads == Reads::Account && !field.is_of_account() {
            let message = format!("a segment cannot read `{name}`");
            self.error(code::R005, part, message)
                .help("a segment is a set of accounts: it reads only `account.*`; put the rest into `when`");
            return None;
        }
        Some(field)
    }

    /// A field or a literal; anything else is reported.
    fn operand(&mut self, part: &'a IdedExpr) -> Option<Operand<'a>> {
        Some(match &part.expr {
            Expr::Literal(LiteralValue::Int(value)) => Operand::Int(*value.inner()),
            Expr::Literal(LiteralValue::Boolean(value)) => Operand::Bool(*value.inner()),
            Expr::Literal(LiteralValue::String(value)) => Operand::Text(value.inner()),
            Expr::Literal(LiteralValue::Double(_)) => {
                self.error(code::R003, part, "decimal numbers are not supported here".to_owned())
                    .help("write a whole number; only a column of the type `decimal` has digits behind the point");
                return None;
            }
            Expr::Literal(LiteralValue::Null) => {
                self.error(code::R002, part, "`null` is not supported".to_owned()).help("ask `has(account.tier)`");
                return None;
            }
            Expr::Select(_) | Expr::Ident(_) => Operand::Field(self.field(part)?),
            Expr::Call(_) if dotted(part).is_some() => Operand::Field(self.field(part)?),
            Expr::Call(call) if call.func_name == operators::INDEX => {
                self.index(part);
                return None;
            }
            _ => {
                self.unsupported(part, "expected a field or a literal");
                return None;
            }
        })
    }

    fn compare(&mut self, part: &'a IdedExpr, left: &'a IdedExpr, comparison: Comparison, right: &'a IdedExpr) {
        if self.compares_clock(left, comparison, right) {
            return;
        }
        if [left, right].into_iter().any(|side| number::is_arithmetic(side) || self.is_decimal(side)) {
            return self.compare_sums(part, left, comparison, right);
        }
        // Both sides are looked at before either is given up: two mistakes give two errors.
        let (first, second) = (self.operand(left), self.operand(right));
        match (first, second) {
            (Some(Operand::Field(first)), Some(Operand::Field(second))) => {
                if [first, second].into_iter().all(|field| field.kind == Kind::Int) {
                    return self.compare_sums(part, left, comparison, right);
                }
                self.error(code::R002, part, "two fields are compared".to_owned())
                    .help("compare a field with a literal; only whole numbers can be compared with each other");
            }
            (Some(Operand::Field(field)), Some(literal)) => {
                self.compare_field(part, field, comparison, &literal, right)
            }
            (Some(literal), Some(Operand::Field(field))) => {
                self.compare_field(part, field, mirrored(comparison), &literal, left);
            }
            (Some(_), Some(_)) => {
                self.error(code::R003, part, "two literals are compared".to_owned())
                    .help("compare a field with a literal");
            }
            _ => {}
        }
    }

    fn compare_field(
        &mut self,
        part: &IdedExpr,
        field: &'static Field,
        comparison: Comparison,
        literal: &Operand<'_>,
        literal_part: &IdedExpr,
    ) {
        match (field.kind, literal, comparison) {
            (Kind::Int, Operand::Int(value), _) => self.push(Instruction::Int(field, comparison, *value)),
            (Kind::Text, Operand::Text(value), Comparison::Equal | Comparison::NotEqual) => {
                self.check_value(field, value, literal_part);
                let test = if comparison == Comparison::Equal { TextTest::Equal } else { TextTest::NotEqual };
                self.push(Instruction::Text(field, test, Text::from(*value)));
            }
            (Kind::Bool, Operand::Bool(value), Comparison::Equal | Comparison::NotEqual) => {
                self.push(Instruction::Holds(field));
                if *value != (comparison == Comparison::Equal) {
                    self.push(Instruction::Not);
                }
            }
            (Kind::Text, Operand::Text(_), _) | (Kind::Bool, Operand::Bool(_), _) => {
                let message = format!("`{}` cannot compare {}", comparison.sign(), field.kind.name());
                self.error(code::R003, part, message).help("use `==`, `!=` or `in`");
            }
            (Kind::List, ..) => {
                let help = format!("ask whether it holds something: `\"...\" in {}`", field.name);
                let message = format!("`{}` is a list of texts", field.name);
                self.error(code::R003, part, message).help(help);
            }
            (Kind::Address, ..) => {
                let help = "ask `in_cidr(visitor.ip, \"192.0.2.0/24\")`";
                self.error(code::R003, part, "an address cannot be compared".to_owned()).help(help);
            }
            (kind, literal, _) => {
                let label = format!("`{}` is {}", self.scope.name_of(field), kind.name());
                let message = format!("expected {}, found {}", kind.name(), literal.name());
                let number = match literal {
                    Operand::Text(text) if kind == Kind::Int => suggest::number(text),
                    _ => None,
                };
                self.error(code::R003, literal_part, message)
                    .label(label)
                    .maybe_help(number.map(|number| format!("write `{number}`")));
            }
        }
    }

    /// Reports a text that the field never has: a typing mistake that would silently match nobody.
    fn check_value(&mut self, field: &Field, value: &str, part: &IdedExpr) {
        let scope = self.scope;
        let (code, what, known): (_, _, Vec<&str>) = match field.name {
            "account.id" if scope.account(value).is_some() => return,
            "account.id" => (code::R008, "an account", scope.account_ids().collect()),
            "account.stage" => (code::R007, "a stage", STAGES.to_vec()),
            "visitor.role" => (code::R007, "a role", ROLES.to_vec()),
            "visitor.device" => (code::R007, "a device", DEVICES.to_vec()),
            "visitor.visibility" => (code::R007, "a visibility", VISIBILITIES.to_vec()),
            _ => return,
        };
        if code == code::R008 && scope.may_be_account(value) {
            self.steps = None;
        } else if !known.contains(&value) {
            let help = suggest::nearest(value, known.iter().copied()).map(|known| format!("did you mean `{known}`?"));
            self.error(code, part, format!("`{value}` is not {what}"))
                .help(format!("expected one of {}", suggest::listing(known)))
                .maybe_help(help);
        }
    }

    fn text_test(&mut self, target: &'a IdedExpr, test: TextTest, operand: &'a IdedExpr) {
        let field = self.field(target);
        let text = self.literal_text(operand);
        let Some(field) = field else { return };
        if field.kind != Kind::Text {
            let message = format!("expected text, found {}", field.kind.name());
            let help = (field.kind == Kind::List).then(|| format!("ask `\"...\" in {}`", field.name));
            self.error(code::R003, target, message).maybe_help(help);
        } else if let Some(text) = text {
            self.push(Instruction::Text(field, test, text.into()));
        }
    }

    /// Whether a field's text matches a regular expression, or with `is_glob` a glob.
    fn pattern_test(&mut self, target: &'a IdedExpr, is_glob: bool, operand: &'a IdedExpr) {
        let field = self.field(target);
        let pattern = self.pattern(operand, is_glob);
        let Some(field) = field else { return };
        if field.kind != Kind::Text {
            self.error(code::R003, target, format!("expected text, found {}", field.kind.name()));
        } else if let Some(pattern) = pattern {
            self.push(Instruction::Matches(field, pattern));
        }
    }

    /// The pattern that a literal spells; one that is none is reported.
    fn pattern(&mut self, part: &'a IdedExpr, is_glob: bool) -> Option<Arc<Pattern>> {
        let text = self.literal_text(part)?;
        let found = if is_glob { pattern::glob(text) } else { pattern::regex(text) };
        if let Err(reason) = &found {
            let what = if is_glob { "glob" } else { "regular expression" };
            self.error(code::R009, part, format!("`{text}` is no {what} that can be used: {reason}"))
                .help("the syntax is RE2's; what would need very many states is refused, so that no text can be slow to match");
        }
        found.ok()
    }

    fn literal_text(&mut self, part: &'a IdedExpr) -> Option<&'a str> {
        if let Expr::Literal(LiteralValue::String(value)) = &part.expr {
            return Some(value.inner());
        }
        let words = self.words(part);
        let is_bare = words.chars().all(|c| c.is_alphanumeric() || c == '_');
        self.error(code::R003, part, format!("expected a text in quotes, found `{words}`"))
            .maybe_help(is_bare.then(|| format!("write `\"{words}\"`")));
        None
    }
}

/// The comparison with its sides exchanged.
fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
