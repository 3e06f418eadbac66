//! What a slot shows: C001 to C010.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("experiences/hero.yaml", "title: { text: Hello }", "titel: { text: Hello }",
"C001 experiences/hero.yaml:7:7 there is no slot `titel`
  a slot with a similar name exists: `title`"),
    ("experiences/hero.yaml", "title: { text: Hello }", "sidebar: { text: Hello }",
"C001 experiences/hero.yaml:7:7 there is no slot `sidebar`
  nameplate.yaml names `title`, `body`"),
    ("experiences/hero.yaml", "title: { text: Hello }", "titel: {}",
"C001 experiences/hero.yaml:7:7 there is no slot `titel`
  a slot with a similar name exists: `title`"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: {}",
"C002 experiences/hero.yaml:7:7 nothing is said to change in slot `title`
  write one of `text`, `html`, `file`, `before`, `after`, `attributes`, `image`, `classes` and `visible`; leave the slot out to keep its Default"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: { txt: Hello }",
"S010 experiences/hero.yaml:7:16 unknown key `txt` in a slot's content
  did you mean `text`?"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: { attributes: {} }",
"C002 experiences/hero.yaml:7:7 nothing is said to change in slot `title`
  write one of `text`, `html`, `file`, `before`, `after`, `attributes`, `image`, `classes` and `visible`; leave the slot out to keep its Default"),
    ("experiences/hero.yaml", "variants:
  - name: one
    slots:
      title: { text: Hello }
", "variants: []
",
"C002 experiences/hero.yaml:1:1 the experience has no variant"),
    ("ads/offer.yaml", "  - { name: box, size: 300x250, link: /plans, alt: Plans, headline: Plans }
", "  []
",
"C002 ads/offer.yaml:1:1 the line item has no creative"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: { text: Hello, html: <b>Hello</b> }",
"C003 experiences/hero.yaml:7:35 only one of `text`, `html` and `file` can fill a slot"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "Hello {{account.name}}" }"#,
"C004 experiences/hero.yaml:7:29 the token `account.name` has no fallback
  write `{{account.name | your team}}`: a field, and the text for those who have no value"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "Hello {{account.nme | you}}" }"#,
"C004 experiences/hero.yaml:7:29 `account.nme` cannot stand in a token
  a field with a similar name exists: `account.name`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "Hello {{visitor.role | you}}, {{account.technologies | x}}" }"#,
"C004 experiences/hero.yaml:7:29 `visitor.role` cannot stand in a token
  a token holds one of `account.id`, `account.name`, `account.short_name`, `account.industry`, `account.employees`, `account.revenue`, `account.country`, `account.tier`, `account.stage`, `account.lifetime_value`, `account.intent`, `account.owner`
C004 experiences/hero.yaml:7:53 `account.technologies` is a list, which cannot stand in a token
  write `{{account.name | your team}}`: a field, and the text for those who have no value"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "Hello {{account.name | you" }"#,
"C004 experiences/hero.yaml:7:29 the token is not closed
  end it with `}}`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "Hello {{account.name | {{account.id | x}} }}" }"#,
"C004 experiences/hero.yaml:7:29 the token `account.name` has another token inside
  end it with `}}`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: "/{{account.id | x}}" } }"#,
"C005 experiences/hero.yaml:7:38 a token in a URL may only be a value of its query
  write `/pricing?company={{account.id | none}}`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: "https://{{account.id | x}}.example/" } }"#,
"C005 experiences/hero.yaml:7:45 a token in a URL may only be a value of its query
  write `/pricing?company={{account.id | none}}`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: "/a?{{account.id | x}}=1#{{account.id | x}}" } }"#,
"C005 experiences/hero.yaml:7:40 a token in a URL may only be a value of its query
  write `/pricing?company={{account.id | none}}`
C005 experiences/hero.yaml:7:61 a token in a URL may only be a value of its query
  write `/pricing?company={{account.id | none}}`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { html: "<p onclick={{account.id | x}}>Hi</p>" }"#,
"C005 experiences/hero.yaml:7:34 cleaning removes the place where this token stands
  tokens stand in text, in quoted attributes, and in URLs behind `?name=`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"body: { html: "<a href='/x/{{account.id | x}}'>Hi</a>" }"#,
"C005 experiences/hero.yaml:7:34 a token in a URL may only be a value of its query
  tokens stand in text, in quoted attributes, and in URLs behind `?name=`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"body: { html: "<a href='https://{{account.id | x}}/'>Hi</a>" }"#,
"C005 experiences/hero.yaml:7:39 a token in a URL may only be a value of its query
  tokens stand in text, in quoted attributes, and in URLs behind `?name=`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: "javascript:alert(1)" } }"#,
"C006 experiences/hero.yaml:7:36 the URL `javascript:alert(1)` is not allowed: its scheme is `javascript`; only `https` is allowed"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: "http://www.example.com/" } }"#,
"C006 experiences/hero.yaml:7:36 the URL `http://www.example.com/` is not allowed: its scheme is `http`; only `https` is allowed"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { src: "https://evil.example.org/x.png" } }"#,
"C006 experiences/hero.yaml:7:35 the URL `https://evil.example.org/x.png` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: "https:x" } }"#,
"C006 experiences/hero.yaml:7:36 the URL `https:x` is not allowed: it has no `//` behind its scheme"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { srcset: "/a.png 1x, //evil.example.org/b.png 2x" } }"#,
"C006 experiences/hero.yaml:7:38 the URL `//evil.example.org/b.png` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { image: { src: "data:image/png;base64,AA==", alt: A } }"#,
"C006 experiences/hero.yaml:7:30 the URL `data:image/png;base64,AA==` is not allowed: its scheme is `data`; only `https` is allowed"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"body: { html: "<a href='https://evil.example.org/'>Hi</a> <img src='//evil.example.org/' alt=''>" }"#,
"C006 experiences/hero.yaml:7:31 the URL `https://evil.example.org/` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml
C006 experiences/hero.yaml:7:75 the URL `//evil.example.org/` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml"),
    ("ads/offer.yaml", "link: /plans", r#"link: "ftp://www.example.com/""#,
"C006 ads/offer.yaml:6:39 the URL `ftp://www.example.com/` is not allowed: its scheme is `ftp`; only `https` is allowed"),
    ("ads/offer.yaml", "headline: Plans", r#"image: "//evil.example.org/a.png""#,
"C006 ads/offer.yaml:6:66 the URL `//evil.example.org/a.png` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { onclick: "x()", Style: "color: red", aria-label: Fine, data-x: Fine } }"#,
"C007 experiences/hero.yaml:7:30 the attribute `onclick` may not be changed
  allowed are `alt`, `dir`, `height`, `href`, `lang`, `placeholder`, `src`, `title`, `width`, `srcset`, `aria-...` and `data-...`
C007 experiences/hero.yaml:7:46 the attribute `Style` may not be changed
  allowed are `alt`, `dir`, `height`, `href`, `lang`, `placeholder`, `src`, `title`, `width`, `srcset`, `aria-...` and `data-...`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { id: "x", name: "y", srcdoc: "z", aria-: "q" } }"#,
"C007 experiences/hero.yaml:7:30 the attribute `id` may not be changed
  allowed are `alt`, `dir`, `height`, `href`, `lang`, `placeholder`, `src`, `title`, `width`, `srcset`, `aria-...` and `data-...`
C007 experiences/hero.yaml:7:39 the attribute `name` may not be changed
  allowed are `alt`, `dir`, `height`, `href`, `lang`, `placeholder`, `src`, `title`, `width`, `srcset`, `aria-...` and `data-...`
C007 experiences/hero.yaml:7:50 the attribute `srcdoc` may not be changed
  allowed are `alt`, `dir`, `height`, `href`, `lang`, `placeholder`, `src`, `title`, `width`, `srcset`, `aria-...` and `data-...`
C007 experiences/hero.yaml:7:63 the attribute `aria-` may not be changed
  allowed are `alt`, `dir`, `height`, `href`, `lang`, `placeholder`, `src`, `title`, `width`, `srcset`, `aria-...` and `data-...`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { src: /a.png }, image: { src: /b.png, alt: B } }"#,
"C003 experiences/hero.yaml:7:7 slot `title` has its attribute `src` set twice
  `image` sets `src`, `alt` and `srcset`; leave them out of `attributes` then"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { href: /a, HREF: /b } }"#,
"C003 experiences/hero.yaml:7:7 slot `title` has its attribute `href` set twice
  `image` sets `src`, `alt` and `srcset`; leave them out of `attributes` then"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { attributes: { hidden: "", class: big } }"#,
"C007 experiences/hero.yaml:7:30 the attribute `hidden` may not be changed
  write `visible: false` beside `attributes`
C007 experiences/hero.yaml:7:42 the attribute `class` may not be changed
  write `classes: { add: [...], remove: [...] }` beside `attributes`"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { classes: { add: [big, "two words", ""], remove: [small, big], toggle: x } }"#,
"C003 experiences/hero.yaml:7:33 the class `big` stands twice in `classes`
C010 experiences/hero.yaml:7:38 `two words` is not one class
  write several as a list: `add: [plan, plan-featured]`
C010 experiences/hero.yaml:7:51 `` is not one class
  write several as a list: `add: [plan, plan-featured]`
S010 experiences/hero.yaml:7:78 unknown key `toggle` in classes
  expected one of `remove`, `add`"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: { classes: {} }",
"C002 experiences/hero.yaml:7:7 nothing is said to change in slot `title`
  write one of `text`, `html`, `file`, `before`, `after`, `attributes`, `image`, `classes` and `visible`; leave the slot out to keep its Default"),
    ("experiences/hero.yaml", "    slots:
      title: { text: Hello }
", "    redirect: //evil.example.org/x
  - { name: two, redirect: 'javascript:alert(1)' }
  - { name: three, redirect: pricing }
  - { name: four, redirect: '/a?b={{account.id | x}}#c', slots: { title: { text: Hello } } }
  - { name: five, redirect: '/{{account.id | x}}' }
  - { name: six, redirect: 'HTTPS://cdn.example.net/a' }
",
"C006 experiences/hero.yaml:6:15 the URL `//evil.example.org/x` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml
C006 experiences/hero.yaml:7:28 the URL `javascript:alert(1)` is not allowed: it depends on the page
  write a path from the site's root, such as `/pricing`, or a whole address
C006 experiences/hero.yaml:8:30 the URL `pricing` is not allowed: it depends on the page
  write a path from the site's root, such as `/pricing`, or a whole address
C003 experiences/hero.yaml:9:29 a variant redirects or fills slots, not both
  who is sent to another page does not see the slots of this one
C005 experiences/hero.yaml:10:31 a token in a URL may only be a value of its query
  write `/pricing?company={{account.id | none}}`"),
    ("nameplate.yaml", "  body: {", "  redirect: {",
"S004 nameplate.yaml:24:3 `redirect` is the slot that redirects take
  give this one another name"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: { visible: no }",
"S012 experiences/hero.yaml:7:25 expected `true` or `false`, found text"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { before: "<script>x</script><a href='//evil.example.org'>x</a>", after: "{{account.name}}" }"#,
"warning C009 experiences/hero.yaml:7:24 cleaning removed `<script>` from the HTML
  variants hold text, links, lists, tables and images; scripts, styles, forms and frames are removed
C006 experiences/hero.yaml:7:52 the URL `//evil.example.org` is not allowed: its host `evil.example.org` is neither in `hosts` nor in `link_hosts` of nameplate.yaml
C004 experiences/hero.yaml:7:88 the token `account.name` has no fallback
  write `{{account.name | your team}}`: a field, and the text for those who have no value"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "Hello {{account.name | you}}, this headline is long" }"#,
"warning C008 experiences/hero.yaml:7:22 the text has 44 characters for Birch Chemicals; its slot allows 40"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"title: { text: "0123456789012345678901234567890123456789é" }"#,
"warning C008 experiences/hero.yaml:7:22 the text has 41 characters for a stranger; its slot allows 40"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"body: { html: "<p style='color: red'>Hi<script>alert(1)</script></p>" }"#,
"warning C009 experiences/hero.yaml:7:21 cleaning removed `<script>`, `style=` from the HTML
  variants hold text, links, lists, tables and images; scripts, styles, forms and frames are removed"),
    ("experiences/hero.yaml", "title: { text: Hello }", r#"body: { html: "<a href='/ok'>a</a><a href='javascript:alert(1)'>b</a>" }"#,
"warning C009 experiences/hero.yaml:7:21 cleaning removed `href=` from the HTML
  variants hold text, links, lists, tables and images; scripts, styles, forms and frames are removed"),
];
