//! The network list: N001 to N010.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("networks.csv", "", "",
"N001 networks.csv:1:1 the file is empty; expected a row with the names of the columns"),
    ("networks.csv", ",source
", ",note
",
"N001 networks.csv:1:1 the header is `prefix,account,confidence,note`
  expected `prefix,account,confidence,source`, and `wide` and `seen` where prefixes need them"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/24,alder
",
r#"N001 networks.csv:5:1 the row has 2 cells; the header has 4
  a cell with a comma in it stands in quotes: "Goldman Sachs Group, Inc.""#),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/24,,90,
",
"N001 networks.csv:5:1 the row has no `account`
N001 networks.csv:5:1 the row has no `source`"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0,alder,90,AS4
8.8.8.0/+8,alder,90,AS4
::ffff:8.8.8.0/120,alder,90,AS4
",
"N002 networks.csv:5:1 `8.8.8.0` is not a prefix
  write an address and a length, such as `192.0.2.0/24` or `2001:db8::/32`
N002 networks.csv:6:1 `8.8.8.0/+8` is not a prefix
  write an address and a length, such as `192.0.2.0/24` or `2001:db8::/32`
N002 networks.csv:7:1 `::ffff:8.8.8.0/120` is not a prefix
  write an address and a length, such as `192.0.2.0/24` or `2001:db8::/32`"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/33,alder,90,AS4
2a00::/129,alder,90,AS4
",
"N002 networks.csv:5:1 the length of `8.8.8.0/33` is too large
  an IPv4 prefix has up to 32 bits, an IPv6 prefix up to 128
N002 networks.csv:6:1 the length of `2a00::/129` is too large
  an IPv4 prefix has up to 32 bits, an IPv6 prefix up to 128"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.7/24,alder,90,AS4
2a00:1450:4001:1::/48,alder,90,AS4
",
"N003 networks.csv:5:1 `8.8.8.7/24` has bits set behind its length
  did you mean `8.8.8.0/24`?
N003 networks.csv:6:1 `2a00:1450:4001:1::/48` has bits set behind its length
  did you mean `2a00:1450:4001::/48`?"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "132.186.88.0/24,alder,90,AS4
134.244.29.0/24,alder,90,AS4
",
"N004 networks.csv:5:1 the prefix `132.186.88.0/24` is listed twice
N004 networks.csv:6:1 the prefix `134.244.29.0/24` is listed for two accounts"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/24,adler,90,AS4
",
"N005 networks.csv:5:12 there is no account `adler`
  an account with a similar name exists: `alder`"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/24,siemens,90,AS4
",
"N005 networks.csv:5:12 there is no account `siemens`"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.0.0/15,alder,90,AS4
2a00:1450::/31,alder,90,AS4
",
"N006 networks.csv:5:1 `8.8.0.0/15` is wider than /16
  if the account really has all of it, add a column `wide` and write `yes` in it
N006 networks.csv:6:1 `2a00:1450::/31` is wider than /32
  if the account really has all of it, add a column `wide` and write `yes` in it"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "192.0.2.0/24,alder,90,AS4
10.0.0.0/16,alder,90,AS4
2001:db8::/32,alder,90,AS4
",
"warning N007 networks.csv:5:1 `192.0.2.0/24` can match nobody: it is documentation space
warning N007 networks.csv:6:1 `10.0.0.0/16` can match nobody: it is private space
warning N007 networks.csv:7:1 `2001:db8::/32` can match nobody: it is documentation space"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/24,alder,101,AS4
8.8.9.0/24,alder,high,AS4
8.8.10.0/24,alder,-1,AS4
",
"N008 networks.csv:5:18 the confidence is `101`; expected 0 to 100
N008 networks.csv:6:18 the confidence is `high`; expected 0 to 100
N008 networks.csv:7:19 the confidence is `-1`; expected 0 to 100"),
    ("networks.csv", "2a00:1450:4001::/48,cedar,80,AS3 Example
", "8.8.8.0/24,alder,90,ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé
",
"N009 networks.csv:5:21 the source has 201 characters; at most 200 fit"),
    ("networks.csv", "", "prefix,account,confidence,source,seen
8.8.8.0/24,alder,90,AS4,2026-02-30
8.8.9.0/24,alder,90,AS4,2026-2-3
8.8.10.0/24,alder,90,AS4,2026-01-31T09:00:00
8.8.11.0/24,alder,90,AS4,1969-12-31
8.8.12.0/24,alder,90,AS4,yesterday
8.8.13.0/24,alder,90,AS4,1970-01-01
",
"N010 networks.csv:2:25 `2026-02-30` is not a day since 1970
  write the day of the address database, such as `2026-01-31`
N010 networks.csv:3:25 `2026-2-3` is not a day since 1970
  write the day of the address database, such as `2026-01-31`
N010 networks.csv:4:26 `2026-01-31T09:00:00` is not a day since 1970
  write the day of the address database, such as `2026-01-31`
N010 networks.csv:5:26 `1969-12-31` is not a day since 1970
  write the day of the address database, such as `2026-01-31`
N010 networks.csv:6:26 `yesterday` is not a day since 1970
  write the day of the address database, such as `2026-01-31`"),
];
