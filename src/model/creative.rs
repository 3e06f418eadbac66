//! What an ad shows.

use super::{Template, Text};

/// Width and height of an ad in CSS pixels, both 1 to 4,096. Written `300x250`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size {
    /// CSS pixels.
    pub width: u16,
    /// CSS pixels.
    pub height: u16,
}

impl Size {
    /// The most that either side may be.
    pub const SIDE_MAX: u16 = 4_096;

    /// Whether both sides are within 1 to [`Size::SIDE_MAX`].
    #[must_use]
    pub fn is_valid(self) -> bool {
        let side = 1..=Self::SIDE_MAX;
        side.contains(&self.width) && side.contains(&self.height)
    }
}

impl std::str::FromStr for Size {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (width, height) = text.split_once('x').ok_or(())?;
        // `parse` alone would take a leading `+`.
        let side = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let size = Self { width: side(width).ok_or(())?, height: side(height).ok_or(())? };
        if size.is_valid() { Ok(size) } else { Err(()) }
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// One creative: HTML, or an image, or a headline with text around it, or both. The compiler requires one of the three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creative {
    /// Unique in its line item.
    pub name: Text,
    /// The size it is made for.
    pub size: Size,
    /// Share among the creatives of one size.
    pub weight: u32,
    /// Where a click goes.
    pub link: Template,
    /// What it says to those who cannot see it.
    pub alt: Template,
    /// Address of the image.
    pub image: Option<Text>,
    /// The line in large type.
    pub headline: Option<Template>,
    /// The lines below it.
    pub body: Option<Template>,
    /// The words on its button.
    pub cta: Option<Template>,
    /// HTML for a frame of its own, cleaned when it was compiled.
    pub html: Option<Template>,
}

impl Creative {
    /// All its templates.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let optional = [&self.headline, &self.body, &self.cta, &self.html].into_iter().flatten();
        optional.chain([&self.link, &self.alt])
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn a_size_is_two_numbers_and_an_x() {
        let check = |text: &str, expect: Option<(u16, u16)>| {
            assert_eq!(text.parse::<Size>().ok().map(|size| (size.width, size.height)), expect, "{text}");
        };
        check("300x250", Some((300, 250)));
        check("4096x1", Some((4096, 1)));
        for wrong in ["", "x", "300", "300x", "0x250", "300x4097", "+300x250", "300 x 250", "300X250", "-1x1"] {
            check(wrong, None);
        }
    }
}
