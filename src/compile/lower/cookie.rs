//! Cookies. A site declares which of them its conditions read, because a cookie is read only for a purpose that somebody has named.

use cel::IdedExpr;

use super::Lowering;
use crate::{
    compile::{code, suggest},
    model::{Kind, Origin},
    rule::Field,
};

impl Lowering<'_> {
    /// The field of `cookie("plan")`, or of `visitor.cookies.plan`. One that is not declared is reported.
    pub(super) fn cookie(&mut self, part: &IdedExpr, name: &str) -> Option<&'static Field> {
        let known = self.scope.cookies;
        let Some(position) = known.iter().position(|known| **known == *name) else {
            let help = match known.is_empty() {
                true => format!(
                    "declare it in nameplate.yaml: `cookies: {{ {name}: consent }}`, or `necessary` where the site does not work without it"
                ),
                false => format!("nameplate.yaml declares {}", suggest::listing(known.iter().map(|known| &**known))),
            };
            self.error(code::R013, part, format!("the cookie `{name}` is not declared"))
                .help(help)
                .maybe_help(suggest::nearest(name, known.iter().map(|known| &**known)).map(suggest::question));
            return None;
        };
        let Some(field) = Field::named(Origin::Cookie, position, Kind::Text) else {
            // That there are too many was said where they are declared.
            self.steps = None;
            return None;
        };
        self.readable(part, &self.scope.name_of(field), field)
    }
}
