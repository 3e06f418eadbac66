//! Parts that name a field.

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue},
};

use crate::model::{Origin, spelled};

/// All that can be called.
pub(super) const FUNCTIONS: [&str; 19] = [
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "glob",
    "exists",
    "all",
    "in_segment",
    "in_cidr",
    "has",
    "utm",
    "query",
    "cookie",
    "host",
    "date",
    "timestamp",
    "duration",
    "getHours",
    "getDayOfWeek",
];

/// The name that a chain of selections spells: `account.tier`. `now`, `host()`, `utm("source")`, `query("plan")` and `cookie("plan")` are other names of fields.
pub(super) fn dotted(part: &IdedExpr) -> Option<String> {
    match &part.expr {
        Expr::Ident(name) if name == "now" => Some("time.unix".to_owned()),
        Expr::Call(call) if call.target.is_none() => match (call.func_name.as_str(), call.args.as_slice()) {
            ("host", []) => Some("page.host".to_owned()),
            ("utm", [_]) => called("utm", part).map(|name| format!("page.utm_{name}")),
            ("query", [_]) => called("query", part).map(|name| spelled(Origin::Query, name)),
            ("cookie", [_]) => called("cookie", part).map(|name| spelled(Origin::Cookie, name)),
            _ => None,
        },
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => Some(format!("{}.{}", dotted(&select.operand)?, select.field)),
        _ => None,
    }
}

/// The text that a function is called with, where that is all.
pub(super) fn called<'a>(function: &str, part: &'a IdedExpr) -> Option<&'a str> {
    let Expr::Call(CallExpr { func_name, target: None, args }) = &part.expr else { return None };
    match (func_name == function, args.as_slice()) {
        (true, [IdedExpr { expr: Expr::Literal(LiteralValue::String(text)), .. }]) => Some(text.inner()),
        _ => None,
    }
}
