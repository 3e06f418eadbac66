//! Line items and their creatives: D001 to D004.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("ads/offer.yaml", "[side]", "[sied]",
"D001 ads/offer.yaml:3:14 there is no placement `sied`
  a placement with a similar name exists: `side`"),
    ("ads/offer.yaml", "[side]", "[side, top]",
"D001 ads/offer.yaml:3:20 there is no placement `top`
  nameplate.yaml names `side`"),
    ("ads/offer.yaml", "headline: Plans", "body: Plans",
"D002 ads/offer.yaml:6:7 the creative has neither `image` nor `headline`
  an image creative needs `image`, a text creative `headline`"),
    ("ads/offer.yaml", "300x250", "728x90",
"warning D003 ads/offer.yaml:6:13 `box` is 728x90; no placement of its line item takes that
  the placements take `300x250`"),
    ("ads/offer.yaml", "300x250", "300*250",
"D004 ads/offer.yaml:6:24 `300*250` is not a size
  write width and height in pixels, 1 to 4096, such as `300x250`"),
    ("ads/offer.yaml", "300x250", "0x250",
"D004 ads/offer.yaml:6:24 `0x250` is not a size
  write width and height in pixels, 1 to 4096, such as `300x250`"),
    ("nameplate.yaml", "[300x250]", "[300x250, wide]",
"D004 nameplate.yaml:26:47 `wide` is not a size
  write width and height in pixels, 1 to 4096, such as `300x250`"),
    ("ads/offer.yaml", "placements: [side]
", "",
"S011 ads/offer.yaml:1:1 a line item needs the key `placements`"),
    ("ads/offer.yaml", "placements: [side]", "placements: { side: 1 }",
"S012 ads/offer.yaml:3:13 expected text, found keys and values"),
    ("ads/offer.yaml", "placements: [side]", "placements: [side, side]",
"S004 ads/offer.yaml:3:20 there is another placement `side`"),
];
