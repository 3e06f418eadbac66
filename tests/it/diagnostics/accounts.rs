//! The account list: A001 to A005.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("accounts.csv", "", "Id;Name;Short\nalder;Alder;A\n",
"A001 accounts.csv:1:1 the cells are separated by `;`; expected commas
  save it as `CSV UTF-8 (comma delimited)`; where the comma is the decimal sign, change the list separator"),
    ("accounts.csv", "dogwood,Dogwood,,,,,,,,,
", "elm,Elm
",
r#"A001 accounts.csv:5:1 the row has 2 cells; the header has 11
  a cell with a comma in it stands in quotes: "Goldman Sachs Group, Inc.""#),
    ("accounts.csv", "dogwood,Dogwood,,,,,,,,,
", "dogwood,Dogwood,,,,,,,,,
elm,Elm, Inc.,,,,,,,,,
",
r#"A001 accounts.csv:6:1 the row has 12 cells; the header has 11
  a cell with a comma in it stands in quotes: "Goldman Sachs Group, Inc.""#),
    ("accounts.csv", "", "",
"A001 accounts.csv:1:1 the file is empty; expected a row with the names of the columns"),
    ("accounts.csv", "Short,Industry,", "Industry,Industry,",
"A002 nameplate.yaml:10:17 `accounts.csv` has no column `Short`
  its columns are `Id`, `Name`, `Industry`, `Industry`, `Employees`, `Revenue`, `Country`, `Tier`, `Stage`, `Intent`, `Tech`
A002 nameplate.yaml:11:15 `accounts.csv` has two columns `Industry`
  give each its own name: nobody can say which is meant"),
    ("accounts.csv", "Industry,", "Branch,",
"A002 nameplate.yaml:11:15 `accounts.csv` has no column `Industry`
  its columns are `Id`, `Name`, `Short`, `Branch`, `Employees`, `Revenue`, `Country`, `Tier`, `Stage`, `Intent`, `Tech`"),
    ("accounts.csv", "1200", "12OO",
"A003 accounts.csv:3:39 `employees` is `12OO`; expected a whole number
  write digits, with commas between thousands if you like: `84000` or `84,000`"),
    ("accounts.csv", ",2,target", ",4,prospect",
"A003 accounts.csv:3:55 `tier` is 4; expected 1 to 3
A003 accounts.csv:3:57 `prospect` is not a stage
  expected one of `target`, `awareness`, `consideration`, `decision`, `customer`, `expansion`, `at-risk`"),
    ("accounts.csv", ",10,", ",101,",
"A003 accounts.csv:3:64 `intent` is 101; expected 0 to 100"),
    ("accounts.csv", "84000,-5", "-84000,84.000",
"A003 accounts.csv:2:35 `employees` is -84000; expected at least 0
A003 accounts.csv:2:42 `revenue` is `84.000`; expected a whole number
  write digits, with commas between thousands if you like: `84000` or `84,000`"),
    ("accounts.csv", "84000,-5", "99999999999999999999,1.5",
"A003 accounts.csv:2:35 `employees` is `99999999999999999999`; expected a whole number
  write digits, with commas between thousands if you like: `84000` or `84,000`
A003 accounts.csv:2:56 `revenue` is `1.5`; expected a whole number
  write digits, with commas between thousands if you like: `84000` or `84,000`"),
    ("accounts.csv", "birch,", "Birch AG,",
"A003 accounts.csv:3:1 `Birch AG` is not an account id
  an id has 1 to 64 characters: lower-case letters a to z, digits and `-`"),
    ("accounts.csv", "dogwood,Dogwood,,,,,,,,,
", "dogwood,Dogwood,,,,,,,,,
birch,Second,,,,,,,,,
",
"A004 accounts.csv:6:1 there is another account `birch`"),
    ("accounts.csv", "Birch Chemicals", "",
"A005 accounts.csv:3:1 the account has no `Name`"),
    ("accounts.csv", "birch,", ",",
"A005 accounts.csv:3:1 the account has no `Id`"),
];
