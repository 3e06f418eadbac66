//! A confidence in a word.

use serde::Serialize;

/// How sure it is that people at a prefix work for an account. Each is the least confidence from which it begins, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Grade {
    /// Below 50: somebody's guess.
    Low = 0,
    /// From 50: related to the account, a joint venture or a company since merged.
    Moderate = 50,
    /// From 70: a company or brand of the group.
    High = 70,
    /// From 90: the account's own by name, number or domain.
    #[serde(rename = "very high")]
    VeryHigh = 90,
}

impl Grade {
    /// All, the lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Moderate, Self::High, Self::VeryHigh];
    /// By so much less a confidence is of the grade below: see [`lowered`](Self::lowered).
    const STEP: u8 = 20;

    /// The grade of a confidence.
    #[must_use]
    pub fn of(confidence: u8) -> Self {
        match confidence {
            90.. => Self::VeryHigh,
            70.. => Self::High,
            50.. => Self::Moderate,
            _ => Self::Low,
        }
    }

    /// A confidence one grade lower: what was surer before stays so.
    #[must_use]
    pub fn lowered(confidence: u8) -> u8 {
        confidence.saturating_sub(Self::STEP)
    }

    /// The grade that is called so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.name() == name)
    }

    /// Its word in files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::VeryHigh => "very high",
        }
    }

    /// The least confidence that is of this grade.
    #[must_use]
    pub const fn least(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::Grade;

    #[test]
    fn a_grade_goes_from_its_least_confidence_to_the_next_ones() {
        let grades = [(0, "low"), (49, "low"), (50, "moderate"), (69, "moderate"), (70, "high"), (89, "high")];
        for (confidence, name) in grades.into_iter().chain([(90, "very high"), (100, "very high")]) {
            assert_eq!(Grade::of(confidence).name(), name, "{confidence}");
        }
        for grade in Grade::ALL {
            assert_eq!((Grade::of(grade.least()), Grade::from_name(grade.name())), (grade, Some(grade)));
        }
        assert_eq!(Grade::from_name("High"), None);
    }

    #[test]
    fn a_lowered_confidence_is_of_the_grade_below() {
        for confidence in 0..=100 {
            let below = Grade::ALL.into_iter().rfind(|grade| *grade < Grade::of(confidence)).unwrap_or(Grade::Low);
            assert_eq!(Grade::of(Grade::lowered(confidence)), below, "{confidence}");
        }
    }
}
