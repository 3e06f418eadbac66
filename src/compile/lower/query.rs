//! Parameters of the page's query. Which of them rules read is known when a site is compiled: a bundle names those and no others.

use cel::IdedExpr;

use super::Lowering;
use crate::{
    compile::code,
    limit::{NAME_CHAR_MAX, QUERY_MAX},
    rule::Field,
};

impl Lowering<'_> {
    /// The field of `query("plan")`, or of `page.query.plan`. What nobody can read is reported.
    pub(super) fn query(&mut self, part: &IdedExpr, name: &str) -> Option<&'static Field> {
        let (message, help) = match name {
            "" => (
                "a parameter has no name".to_owned(),
                "write the name that stands before the `=`: `query(\"plan\")`".to_owned(),
            ),
            name if name.chars().count() > NAME_CHAR_MAX => {
                let length = name.chars().count();
                (format!("the parameter's name has {length} characters"), format!("at most {NAME_CHAR_MAX} fit"))
            }
            // The edge takes them off before anybody decides, and the preview has no others.
            name if name == "np" || name.starts_with("np-") => (
                format!("the parameter `{name}` is Nameplate's own"),
                "it says who the visitor is: ask for the account, such as `account.known`".to_owned(),
            ),
            name => {
                let field = Field::from_name(&format!("page.{name}")).filter(|_| name.starts_with("utm_"));
                if let Some(field) = field.or_else(|| self.scope.query_field(name)) {
                    return self.readable(part, &self.scope.name_of(field), field);
                }
                let message = format!("conditions read more than {QUERY_MAX} parameters of the query");
                (message, "tell some of them apart by one parameter's values".to_owned())
            }
        };
        self.error(code::R010, part, message).help(help);
        None
    }
}
