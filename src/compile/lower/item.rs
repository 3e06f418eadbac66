//! `exists` and `all` over a list of texts.
//!
//! A question about some item is a question for each of its alternatives; a question about all items is the contrary of one about some.
//! Several things asked of one and the same item are not supported: no list of names has needed that yet.

use cel::{
    IdedExpr,
    common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators},
};

use super::Lowering;
use crate::{
    compile::{code, pattern},
    model::{Kind, Text},
    rule::{Field, Instruction, ItemTest, TextTest},
};

/// What an item is called, and whose it is.
struct Item<'a> {
    field: &'static Field,
    name: &'a str,
}

impl<'a> Lowering<'a> {
    pub(super) fn quantified(&mut self, part: &'a IdedExpr, whole: &'a ComprehensionExpr) {
        let is_some = match (&whole.loop_step.expr, &whole.accu_init.expr) {
            (Expr::Call(step), Expr::Literal(LiteralValue::Boolean(first))) if whole.iter_var2.is_none() => {
                match (step.func_name.as_str(), *first.inner()) {
                    (operators::LOGICAL_OR, false) => Some((true, step)),
                    (operators::LOGICAL_AND, true) => Some((false, step)),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some((is_some, [_, body])) = is_some.map(|(is_some, step)| (is_some, step.args.as_slice())) else {
            return self.unsupported(part, "of macros, only `exists` and `all` are supported");
        };
        let Some(field) = self.field(&whole.iter_range) else { return };
        if field.kind != Kind::List {
            let message = format!("expected a list, found {}", field.kind.name());
            self.error(code::R003, &whole.iter_range, message)
                .help("lists are `account.technologies` and `account.domains`");
            return;
        }
        let item = Item { field, name: &whole.iter_var };
        // All items are so, if none is otherwise.
        self.some(&item, body, is_some);
        if !is_some {
            self.push(Instruction::Not);
        }
    }

    /// Whether some item is as `body` says, or with `wanted` false is not.
    fn some(&mut self, item: &Item<'a>, body: &'a IdedExpr, wanted: bool) {
        let Expr::Call(call) = &body.expr else {
            return self.not_of_item(body, item);
        };
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [inner]) => self.some(item, inner, !wanted),
            (operators::LOGICAL_OR, [left, right]) if wanted => self.some_of(item, left, right, wanted),
            (operators::LOGICAL_AND, [left, right]) if !wanted => self.some_of(item, left, right, wanted),
            (operators::LOGICAL_OR | operators::LOGICAL_AND, _) => {
                let (macro_, sign) = if wanted { ("exists", "&&") } else { ("all", "||") };
                self.error(code::R002, body, format!("`{sign}` inside `{macro_}` is not supported"))
                    .help("ask for it by a pattern: `t.matches(\"^SAP.*Cloud$\")`");
            }
            _ => {
                if let Some(test) = self.item_test(item, body, call) {
                    let (test, holds) = match test {
                        // `!=` is the contrary of `==`, so that one question has one form.
                        ItemTest::Text(TextTest::NotEqual, text) => (ItemTest::Text(TextTest::Equal, text), !wanted),
                        test => (test, wanted),
                    };
                    match (test, holds) {
                        (ItemTest::Text(TextTest::Equal, text), true) => {
                            self.push(Instruction::Includes(item.field, text))
                        }
                        (test, holds) => self.push(Instruction::Any(item.field, test, holds)),
                    }
                }
            }
        }
    }

    fn some_of(&mut self, item: &Item<'a>, left: &'a IdedExpr, right: &'a IdedExpr, wanted: bool) {
        self.some(item, left, wanted);
        self.some(item, right, wanted);
        self.push(Instruction::Or);
    }

    fn item_test(&mut self, item: &Item<'a>, body: &'a IdedExpr, call: &'a CallExpr) -> Option<ItemTest> {
        let is_item = |part: &IdedExpr| matches!(&part.expr, Expr::Ident(name) if name == item.name);
        let text = |test: TextTest, text: &str| Some(ItemTest::Text(test, Text::from(text)));
        match (call.func_name.as_str(), call.args.as_slice(), &call.target) {
            (sign @ (operators::EQUALS | operators::NOT_EQUALS), [left, right], None)
                if is_item(left) || is_item(right) =>
            {
                let operand = self.literal_text(if is_item(left) { right } else { left })?;
                text(if sign == operators::EQUALS { TextTest::Equal } else { TextTest::NotEqual }, operand)
            }
            (operators::IN, [one, list], None) if is_item(one) => self.one_of(list),
            (name, [operand], Some(target)) if is_item(target) => {
                let tests = [TextTest::StartsWith, TextTest::EndsWith, TextTest::Contains];
                match (tests.into_iter().find(|test| test.name() == name), name) {
                    (Some(test), _) => text(test, self.literal_text(operand)?),
                    (None, "matches" | "glob") => self.pattern(operand, name == "glob").map(ItemTest::Pattern),
                    _ => {
                        self.not_of_item(body, item);
                        None
                    }
                }
            }
            _ => {
                self.not_of_item(body, item);
                None
            }
        }
    }

    /// Whether the item is one of a few, as one pattern.
    fn one_of(&mut self, list: &'a IdedExpr) -> Option<ItemTest> {
        let Expr::List(literals) = &list.expr else {
            let words = self.words(list);
            self.error(code::R003, list, format!("expected a list of texts, found `{words}`"));
            return None;
        };
        let texts: Vec<&str> = literals.elements.iter().filter_map(|one| self.literal_text(one)).collect();
        if texts.len() < literals.elements.len() {
            return None;
        }
        let found = pattern::one_of(&texts);
        if let Err(reason) = &found {
            self.error(code::R006, list, format!("the list is too long: {reason}"));
        }
        found.ok().map(ItemTest::Pattern)
    }

    fn not_of_item(&mut self, body: &'a IdedExpr, item: &Item<'a>) {
        let name = item.name;
        self.error(code::R002, body, format!("expected a question about `{name}`")).help(format!(
            "such as `{name} == \"...\"`, `{name}.startsWith(\"...\")`, `{name} in [...]`, and `!` and `||` of these"
        ));
    }
}
