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
"D002 ads/offer.yaml:6:7 the creative has neither `image`, `headline` nor `html`
  an image creative needs `image`, a text creative `headline`, an HTML creative `html` or `file`"),
    ("ads/offer.yaml", "headline: Plans", "headline: Plans, html: <b>Plans</b>",
"C003 ads/offer.yaml:6:69 only one of `html` and `file` can fill a creative, and nothing beside it"),
    ("ads/offer.yaml", "headline: Plans", "html: <b>Plans</b>, file: variants/x.html",
"C003 ads/offer.yaml:6:85 only one of `html` and `file` can fill a creative, and nothing beside it"),
    ("ads/offer.yaml", "headline: Plans", "file: variants/x.html",
"S001 ads/offer.yaml:6:65 there is no file `variants/x.html`
  paths are written from the site folder, with `/`"),
    ("ads/offer.yaml", "headline: Plans", "html: '<style>a { color: red }</style><b style=\"color: red\" onclick=\"x()\">B</b><script>x()</script><iframe src=/x></iframe>'",
"warning C009 ads/offer.yaml:6:65 cleaning removed `<iframe>`, `<script>`, `onclick=`, `src=` from the HTML
  HTML creatives hold text, images and styles; scripts, forms and frames are removed"),
    ("ads/offer.yaml", "headline: Plans", "html: '<style>b { content: \"{{account.name | x}}\" }</style><b style=\"width: {{account.tier | 0}}px\">{{account.name | you}}</b>'",
"C005 ads/offer.yaml:6:87 a token may not stand in a style
  tokens stand in text, in quoted attributes, and in URLs behind `?name=`
C005 ads/offer.yaml:6:135 a token may not stand in a style
  tokens stand in text, in quoted attributes, and in URLs behind `?name=`"),
    ("ads/offer.yaml", "headline: Plans", "html: '<style>@import \"//evil.example.org/a.css\"; b { background: url(/ok.png), URL( \"data:image/png,x\" ) }</style><b style=\"background: url(https://evil.example.org/b.png)\">B</b>'",
"C006 ads/offer.yaml:6:82 the URL `//evil.example.org/a.css` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml
C006 ads/offer.yaml:6:145 the URL `data:image/png,x` is not allowed: its scheme is `data`; only `https` is allowed
C006 ads/offer.yaml:6:200 the URL `https://evil.example.org/b.png` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml"),
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
