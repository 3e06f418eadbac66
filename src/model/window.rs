//! A span of time.

/// From one instant until another, Unix seconds. An end that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The first second inside.
    pub from: Option<i64>,
    /// The first second after.
    pub until: Option<i64>,
}

impl Window {
    /// Whether `now` is inside. Without a clock only a window open at both ends holds: nobody can say that a campaign
    /// runs who does not know the time.
    #[must_use]
    pub fn contains(self, now: Option<i64>) -> bool {
        match now {
            Some(now) => self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until),
            None => self == Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn a_window_holds_its_first_second_and_not_its_last() {
        let window = Window { from: Some(10), until: Some(20) };
        let check = |now: i64, expect: bool| assert_eq!(window.contains(Some(now)), expect, "{now}");
        check(9, false);
        check(10, true);
        check(19, true);
        check(20, false);
    }

    #[test]
    fn without_a_clock_only_an_open_window_holds() {
        assert!(Window::default().contains(None));
        assert!(!Window { from: Some(0), until: None }.contains(None));
        assert!(!Window { from: None, until: Some(0) }.contains(None));
    }
}
