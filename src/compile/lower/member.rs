//! Whether one is among many: a value in a list, an account in a segment, an address in a prefix.

use cel::{IdedExpr, common::ast::Expr};

use super::{Lowering, Operand, Reads};
use crate::{
    compile::{code, written::locate, yaml::Word},
    model::{Kind, Text},
    net::Prefix,
    rule::Instruction,
};

impl<'a> Lowering<'a> {
    pub(super) fn membership(&mut self, item: &'a IdedExpr, list: &'a IdedExpr) {
        if matches!(list.expr, Expr::Literal(_)) {
            let (item, list_words) = (self.words(item), self.words(list));
            self.error(code::R003, list, format!("expected a list, found `{list_words}`"))
                .help(format!("write `{item} in [{list_words}]`"));
            return;
        }
        let Expr::List(literals) = &list.expr else {
            let (text, field) = (self.literal_text(item), self.field(list));
            match (text, field) {
                (Some(text), Some(field)) if field.kind == Kind::List => {
                    self.push(Instruction::Includes(field, text.into()));
                }
                (_, Some(field)) if field.kind != Kind::List => {
                    let message = format!("expected a list, found {}", field.kind.name());
                    self.error(code::R003, list, message)
                        .help("write `account.industry in [\"Banking\", \"Insurance\"]`");
                }
                _ => {}
            }
            return;
        };
        let Some(field) = self.field(item) else { return };
        let scale = self.scope.scale(field);
        if scale > 0 {
            let values: Vec<i64> =
                literals.elements.iter().filter_map(|part| self.listed_decimal(part, scale)).collect();
            return self.push(Instruction::IntIn(field, values));
        }
        let operands: Vec<_> = literals.elements.iter().map(|part| (part, self.operand(part))).collect();
        let wrong = |kind: Kind, found: &Operand<'_>| format!("expected {}, found {}", kind.name(), found.name());
        let label = format!("`{}` is {}", self.scope.name_of(field), field.kind.name());
        match field.kind {
            Kind::Int => {
                let mut values = Vec::new();
                for (part, operand) in operands {
                    match operand {
                        Some(Operand::Int(value)) => values.push(value),
                        Some(found) => {
                            self.error(code::R003, part, wrong(Kind::Int, &found)).label(label.as_str());
                        }
                        None => {}
                    }
                }
                self.push(Instruction::IntIn(field, values));
            }
            Kind::Text => {
                let mut values = Vec::new();
                for (part, operand) in operands {
                    match operand {
                        Some(Operand::Text(value)) => {
                            self.check_value(field, value, part);
                            values.push(Text::from(value));
                        }
                        Some(found) => {
                            self.error(code::R003, part, wrong(Kind::Text, &found)).label(label.as_str());
                        }
                        None => {}
                    }
                }
                self.push(Instruction::TextIn(field, values));
            }
            kind => {
                let message = format!("expected a whole number or text before `in`, found {}", kind.name());
                self.error(code::R003, item, message);
            }
        }
    }

    pub(super) fn in_segment(&mut self, part: &IdedExpr, name: &'a IdedExpr) {
        if self.reads == Reads::Account {
            self.error(code::R005, part, "a segment cannot be made of segments".to_owned())
                .help("write the other segment's condition out");
            return;
        }
        let Some(text) = self.literal_text(name) else { return };
        let word = Word { text: text.to_owned(), span: locate(self.word, self.condition.range(name), self.source) };
        match self.scope.segment(&word, self.log) {
            Some(segment) => self.push(Instruction::InSegment(segment)),
            None => self.steps = None,
        }
    }

    pub(super) fn in_cidr(&mut self, address: &'a IdedExpr, prefix: &'a IdedExpr) {
        let field = self.field(address);
        let text = self.literal_text(prefix);
        if let Some(field) = field.filter(|field| field.kind != Kind::Address) {
            self.error(code::R003, address, format!("expected `visitor.ip`, found `{}`", self.scope.name_of(field)));
        }
        let Some(text) = text else { return };
        match Prefix::parse(text) {
            Ok(prefix) => self.push(Instruction::InCidr(prefix)),
            Err(_) => {
                let help = "write an address and a length without bits behind it, such as `192.0.2.0/24`";
                self.error(code::R003, prefix, format!("`{text}` is not a prefix")).help(help);
            }
        }
    }
}
