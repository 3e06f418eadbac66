//! Conditions: R001 to R012.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier ==",
"R001 experiences/hero.yaml:2:22 the condition ends where more was expected"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier = 1",
"R001 experiences/hero.yaml:2:20 `=` is not an operator
  compare with `==`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.known and true",
"R001 experiences/hero.yaml:2:21 `and` is not expected here
  both hold: `&&`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: 'account.name == "x'"#,
"R001 experiences/hero.yaml:2:24 a text is not closed
  end it with the quote it began with"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: 'account.known ? true : false'",
"R002 experiences/hero.yaml:2:8 `? :` is not supported
  write `(a && b) || (!a && c)`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier + 1 == 2",
"R002 experiences/hero.yaml:2:7 expected a field or a literal
  supported are && || ! == != < <= > >= in has() startsWith() endsWith() contains() in_segment() in_cidr()"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account["tier"] == 1"#,
"R002 experiences/hero.yaml:2:7 `[...]` is not supported
  write `account.tier`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: page.path.matches("^/a")"#,
r#"R002 experiences/hero.yaml:2:7 there is no function `matches`
  functions are `page.path.startsWith("/a")`, `in_segment("name")`, `in_cidr(visitor.ip, "192.0.2.0/24")`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.technologies.exists(t, t == "a")"#,
"R002 experiences/hero.yaml:2:7 `all`, `exists` and their like are not supported
  supported are && || ! == != < <= > >= in has() startsWith() endsWith() contains() in_segment() in_cidr()"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: in_segmnt("banks")"#,
"R002 experiences/hero.yaml:2:7 there is no function `in_segmnt`
  did you mean `in_segment`?"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: startsWith("/a")"#,
r#"R002 experiences/hero.yaml:2:7 `startsWith` is called with the wrong number of values, or in the wrong place
  functions are `page.path.startsWith("/a")`, `in_segment("name")`, `in_cidr(visitor.ip, "192.0.2.0/24")`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier == account.intent",
"R002 experiences/hero.yaml:2:7 two fields are compared
  compare a field with a literal"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier == null",
"R002 experiences/hero.yaml:2:23 `null` is not supported
  ask `has(account.tier)`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier == 1.5",
"R003 experiences/hero.yaml:2:23 decimal numbers are not supported
  write a whole number"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.tier == "1""#,
"R003 experiences/hero.yaml:2:23 expected a whole number, found text"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.name == 1",
"R003 experiences/hero.yaml:2:23 expected text, found a whole number"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.name == true",
"R003 experiences/hero.yaml:2:23 expected text, found a boolean"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.known == 1",
"R003 experiences/hero.yaml:2:24 expected a boolean, found a whole number"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.known < true",
"R003 experiences/hero.yaml:2:7 `<` cannot compare a boolean
  use `==`, `!=` or `in`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.name < "b""#,
"R003 experiences/hero.yaml:2:7 `<` cannot compare text
  use `==`, `!=` or `in`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.technologies == "scada""#,
r#"R003 experiences/hero.yaml:2:7 `account.technologies` is a list of texts
  ask whether it holds something: `"..." in account.technologies`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: visitor.ip == "192.0.2.1""#,
r#"R003 experiences/hero.yaml:2:7 an address cannot be compared
  ask `in_cidr(visitor.ip, "192.0.2.0/24")`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: has(visitor.ip)",
"R003 experiences/hero.yaml:2:11 `has` cannot ask for an address"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.tier",
"R003 experiences/hero.yaml:2:7 expected a condition, found a whole number
  compare it, such as `account.tier == ...`, or ask `has(account.tier)`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: page.path",
"R003 experiences/hero.yaml:2:7 expected a condition, found text
  compare it, such as `page.path == ...`, or ask `has(page.path)`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: '"text"'"#,
r#"R003 experiences/hero.yaml:2:8 expected a condition, found `"text"`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: 1 == 1",
"R003 experiences/hero.yaml:2:7 two literals are compared
  compare a field with a literal"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.tier.startsWith("1")"#,
"R003 experiences/hero.yaml:2:7 expected text, found a whole number"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.technologies.contains("a")"#,
r#"R003 experiences/hero.yaml:2:7 expected text, found a list of texts
  ask `"..." in account.technologies`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: page.path.startsWith(page.host)",
"R003 experiences/hero.yaml:2:28 expected a text in quotes, found `page.host`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.tier in ["1", 2]"#,
"R003 experiences/hero.yaml:2:24 expected a whole number, found text"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.industry in ["Banking", 2]"#,
"R003 experiences/hero.yaml:2:39 expected text, found a whole number"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.known in [true]",
"R003 experiences/hero.yaml:2:7 expected a whole number or text before `in`, found a boolean"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: '"a" in account.industry'"#,
r#"R003 experiences/hero.yaml:2:15 expected a list, found text
  write `account.industry in ["Banking", "Insurance"]`"#),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: 1 in account.technologies",
"R003 experiences/hero.yaml:2:7 expected a text in quotes, found `1`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: in_cidr(page.host, "192.0.2.0/24")"#,
"R003 experiences/hero.yaml:2:15 expected `visitor.ip`, found `page.host`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: in_cidr(visitor.ip, "192.0.2.1/24")"#,
"R003 experiences/hero.yaml:2:27 `192.0.2.1/24` is not a prefix
  write an address and a length without bits behind it, such as `192.0.2.0/24`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: in_segment(banks)",
"R003 experiences/hero.yaml:2:18 expected a text in quotes, found `banks`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: in_segment("bank")"#,
"R004 experiences/hero.yaml:2:18 there is no segment `bank`
  a segment with a similar name exists: `banks`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: in_segment("nobody")"#,
"R004 experiences/hero.yaml:2:18 there is no segment `nobody`
  nameplate.yaml names `banks`"),
    ("nameplate.yaml", r#"account.industry == "Banking""#, r#"page.path == "/""#,
"R005 nameplate.yaml:21:10 a segment cannot read `page.path`
  a segment is a set of accounts: it reads only `account.*`; put the rest into `when`"),
    ("nameplate.yaml", r#"account.industry == "Banking""#, r#"in_segment("banks")"#,
"R005 nameplate.yaml:21:10 a segment cannot be made of segments
  write the other segment's condition out"),
    ("nameplate.yaml", r#"account.industry == "Banking""#, r#"has(account.tier) && in_cidr(visitor.ip, "192.0.2.0/24")"#,
"R005 nameplate.yaml:21:39 a segment cannot read `visitor.ip`
  a segment is a set of accounts: it reads only `account.*`; put the rest into `when`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((true))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))",
"R006 experiences/hero.yaml:2:55 the condition nests too deeply
  name a part of it as a segment"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.stage == "customers""#,
"R007 experiences/hero.yaml:2:24 `customers` is not a stage
  did you mean `customer`?"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.stage in ["customer", "prospect"]"#,
"R007 experiences/hero.yaml:2:37 `prospect` is not a stage
  expected one of `target`, `awareness`, `consideration`, `decision`, `customer`, `expansion`, `at-risk`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: visitor.device == "mobile" || visitor.visibility == "hiden""#,
"R007 experiences/hero.yaml:2:25 `mobile` is not a device
  expected one of `phone`, `tablet`, `desktop`
R007 experiences/hero.yaml:2:59 `hiden` is not a visibility
  did you mean `hidden`?"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: visitor.role != "decision maker""#,
"R007 experiences/hero.yaml:2:23 `decision maker` is not a role
  did you mean `decision-maker`?"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.id == "adler""#,
"R008 experiences/hero.yaml:2:21 `adler` is not an account
  did you mean `alder`?"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: account.id in ["alder", "siemens"]"#,
"R008 experiences/hero.yaml:2:31 `siemens` is not an account
  expected one of `alder`, `birch`, `cedar`, `dogwood`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account.teir == 1",
"R012 experiences/hero.yaml:2:7 unknown field `account.teir`
  a field with a similar name exists: `account.tier`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: accounts.tier == 1",
"R012 experiences/hero.yaml:2:7 unknown field `accounts.tier`
  a field with a similar name exists: `account.tier`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: account == 1",
"R012 experiences/hero.yaml:2:7 unknown field `account`
  the fields of `account` are `account.id`, `account.name`, `account.short_name`, `account.domains`, `account.industry`, `account.employees`, `account.revenue`, `account.country`, `account.tier`, `account.stage`, `account.lifetime_value`, `account.intent`, `account.technologies`, `account.owner`, `account.known`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: tier == 1",
"R012 experiences/hero.yaml:2:7 unknown field `tier`
  a field begins with `account.`, `visitor.`, `page.`, `time.`"),
    ("experiences/hero.yaml", "when: account.tier == 1", r#"when: has(account.foo) || page.pth == "/" && visitor.visit > 2"#,
"R012 experiences/hero.yaml:2:11 unknown field `account.foo`
  the fields of `account` are `account.id`, `account.name`, `account.short_name`, `account.domains`, `account.industry`, `account.employees`, `account.revenue`, `account.country`, `account.tier`, `account.stage`, `account.lifetime_value`, `account.intent`, `account.technologies`, `account.owner`, `account.known`
R012 experiences/hero.yaml:2:27 unknown field `page.pth`
  a field with a similar name exists: `page.path`
R012 experiences/hero.yaml:2:46 unknown field `visitor.visit`
  a field with a similar name exists: `visitor.visits`"),
];
