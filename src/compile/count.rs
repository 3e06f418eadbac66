//! Counts as sentences say them.

/// `1 account`, `2 accounts`, `2 prefixes`.
#[must_use]
pub fn plural(count: usize, noun: &str) -> String {
    let ending = match count {
        1 => "",
        _ if noun.ends_with('x') => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn one_is_one_and_all_else_is_many() {
        let check = |count: usize, noun: &str, expect: &str| assert_eq!(plural(count, noun), expect);
        check(1, "line item", "1 line item");
        check(0, "account", "0 accounts");
        check(2, "prefix", "2 prefixes");
    }
}
