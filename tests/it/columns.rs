//! Columns of the account list that a site has named: what their cells say, and what conditions make of them.

use cel::{Context, Program, Value, objects::Map};
use nameplate::{
    bundle::{Bundle, Recipient, slice},
    compile::{Sources, compile, flatten},
    decide::{decide, explain},
    model::Visit,
};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_oneof, proptest};
use std::collections::HashMap;

use crate::site;

const CUSTOM: &str = r#"  custom:
    arr: { column: ARR, type: decimal, scale: 2 }
    ratio: { column: Ratio, type: decimal, scale: 3 }
    seats: { column: Seats, type: number }
    plan: { column: Plan, type: text }
    active: { column: Active, type: boolean }
    renewal: { column: Renewal, type: date }
    products: { column: Products, type: list, separator: "|" }
"#;
const HEADER: &str = "Id,Name,Short,Industry,Employees,Revenue,Country,Tier,Stage,Intent,Tech,ARR,Ratio,Seats,Plan,Active,Renewal,Products\n";

/// The small site with these columns; of each account in order the last cells.
fn sources(cells: [&str; 4], when: &str) -> Sources {
    let rows: Vec<String> =
        site::ACCOUNTS.lines().skip(1).zip(cells).map(|(row, cells)| format!("{row},{cells}\n")).collect();
    let accounts = format!("{HEADER}{}", rows.concat());
    let settings = site::SETTINGS.replace("networks: networks.csv\n", &format!("{CUSTOM}networks: networks.csv\n"));
    let hero = site::EXPERIENCE.replace("account.tier == 1", &format!("'{}'", when.replace('\'', "''")));
    site::with(&[("nameplate.yaml", &settings), ("accounts.csv", &accounts), ("experiences/hero.yaml", &hero)])
}

const CELLS: [&str; 4] = [
    "1250.5,0.125,\"84,000\",Pro,yes,2026-01-31,SAP B1|Lake",
    "-0.05,3,0,free,FALSE,2026-12-31T23:00:00-01:00,",
    ",,,,,,Mesh",
    "12,-1.5,7,Pro,1,1970-01-01,a;b",
];

fn visit(account: &str) -> Visit {
    Visit { account: Some(account.to_owned()), now: Some(1_790_000_000), ..Visit::default() }
}

/// For whom a condition holds: by the whole bundle, by each slice, and by an explanation, which must agree.
fn holds(cells: [&str; 4], when: &str) -> Vec<&'static str> {
    let bundle = site::bundle(&sources(cells, when));
    let is_shown = |(position, id): (usize, &&str)| {
        let visit = visit(id);
        let decision = decide(&bundle, &visit);
        assert_eq!(explain(&bundle, &visit).decision, decision, "{when}");
        let recipient = Recipient::Account { position, content: true, ads: true };
        let part = Bundle::open(&slice(&bundle, recipient, None)).unwrap();
        assert_eq!(decide(&part, &visit).slots, decision.slots, "{when}");
        assert_eq!(part.site().names.columns, []);
        !decision.slots.is_empty()
    };
    ["alder", "birch", "cedar", "dogwood"]
        .into_iter()
        .enumerate()
        .filter(|(at, id)| is_shown((*at, id)))
        .map(|(_, id)| id)
        .collect()
}

#[test]
fn a_condition_reads_columns_by_their_names_and_types() {
    let check = |when: &str, expect: &[&str]| assert_eq!(holds(CELLS, when), expect, "{when}");
    check("account.custom.arr >= 1250.5", &["alder"]);
    check("account.custom.arr > 1250.4 && account.custom.arr < 1250.501", &["alder"]);
    check("account.custom.arr == 1250.5 || account.custom.arr == -0.05", &["alder", "birch"]);
    check("account.custom.arr == 12", &["dogwood"]);
    check("12.00 == account.custom.arr", &["dogwood"]);
    check("account.custom.arr != 12", &["alder", "birch"]);
    check("account.custom.arr in [12, 1250.5]", &["alder", "dogwood"]);
    check("account.custom.arr < 0", &["birch"]);
    check("account.custom.ratio < 0.1251 && account.custom.ratio > 0.1249", &["alder"]);
    check("account.custom.arr * 2 == 24", &["dogwood"]);
    check("account.custom.arr * 1.5 > account.custom.ratio + 17.9", &["alder", "dogwood"]);
    check("account.custom.arr - account.custom.ratio == -3.05", &["birch"]);
    check("account.custom.seats == 84000 || account.custom.seats + 1 == 8", &["alder", "dogwood"]);
    check("account.custom.plan == \"Pro\"", &["alder", "dogwood"]);
    check("account.custom.plan.startsWith(\"f\")", &["birch"]);
    check("account.custom.active", &["alder", "dogwood"]);
    check("account.custom.active == false", &["birch"]);
    check("account.custom.renewal < date(\"2026-02-01\")", &["alder", "dogwood"]);
    check("account.custom.renewal == timestamp(\"2027-01-01T00:00:00Z\")", &["birch"]);
    check("\"SAP B1\" in account.custom.products", &["alder"]);
    check("account.custom.products.exists(p, p.contains(\";\"))", &["dogwood"]);
    check("account.known && !has(account.custom.arr)", &["cedar"]);
    check(
        "has(account.custom.plan) && has(account.custom.active) && has(account.custom.products)",
        &["alder", "birch", "dogwood"],
    );
}

#[test]
fn a_near_miss_and_a_list_of_who_sees_what_write_decimals_as_conditions_do() {
    let when = "account.custom.arr >= 2000.75 && account.custom.active";
    let bundle = site::bundle(&sources(CELLS, when));
    let explanation = explain(&bundle, &visit("alder"));
    assert_eq!(explanation.candidates[0].text, "would match if account.custom.arr >= 2000.75; it is 1250.50");
    let explanation = explain(&bundle, &visit("birch"));
    let expect = "would match if account.custom.arr >= 2000.75 (it is -0.05) and account.custom.active (it is false)";
    assert_eq!(explanation.candidates[0].text, expect);
}

/// A decimal number as people write it, and what it is in thousandths.
fn decimal() -> impl Strategy<Value = (String, i64)> {
    (-30_000..30_000_i64, 0..=3_u32).prop_map(|(number, behind)| {
        let unit = 10_i64.pow(behind);
        let sign = if number < 0 { "-" } else { "" };
        let (whole, rest) = (number.abs() / unit, number.abs() % unit);
        let text = if behind == 0 {
            format!("{number}")
        } else {
            format!("{sign}{whole}.{rest:0width$}", width = behind as usize)
        };
        (text, number * 10_i64.pow(3 - behind))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Against whole thousandths, and against the interpreter of the `cel` crate, which has these few digits in its floating numbers.
    #[test]
    fn decimals_are_compared_exactly(
        cells in prop::collection::vec(decimal(), 4),
        literals in prop::collection::vec((decimal(), prop_oneof![proptest::prelude::Just(0_i64), -2..3_i64]), 6),
    ) {
        let signs = ["==", "!=", "<", "<=", ">", ">="];
        let rows: Vec<String> = cells.iter().map(|(text, _)| format!(",{text},,,,,")).collect();
        let rows: [&str; 4] = std::array::from_fn(|at| rows[at].as_str());
        for (sign, ((literal, thousandths), near)) in signs.into_iter().zip(literals) {
            // Half of them are a cell's own number, or one beside it.
            let (literal, thousandths) = match near {
                0 => (literal, thousandths),
                near => {
                    let (_, cell) = &cells[near.unsigned_abs() as usize];
                    let number = cell + near;
                    let text = format!("{}{}.{:03}", if number < 0 { "-" } else { "" }, number.abs() / 1_000, number.abs() % 1_000);
                    (text, number)
                }
            };
            let condition = format!("account.custom.ratio {sign} {literal}");
            let program = Program::compile(&condition.replace("account.custom.ratio", "double(ratio)")).unwrap();
            let expect: Vec<&str> = ["alder", "birch", "cedar", "dogwood"].into_iter().zip(&cells).filter(|(_, (text, cell))| {
                let holds = match sign {
                    "==" => *cell == thousandths,
                    "!=" => *cell != thousandths,
                    "<" => *cell < thousandths,
                    "<=" => *cell <= thousandths,
                    ">" => *cell > thousandths,
                    _ => *cell >= thousandths,
                };
                let mut context = Context::default();
                context.add_variable_from_value("ratio", Value::Float(text.parse().unwrap()));
                assert_eq!(program.execute(&context).unwrap(), Value::Bool(holds), "{condition} of {text}");
                holds
            }).map(|(id, _)| id).collect();
            assert_eq!(holds(rows, &condition), expect, "{condition}\n{rows:?}");
        }
    }
}

/// Against the interpreter, with all types at once.
#[test]
fn columns_mean_what_the_cel_interpreter_says() {
    let text = |text: &str| Value::from(text.to_owned());
    let custom = Map::from(HashMap::from([
        ("arr".to_owned(), Value::Float(1250.5)),
        ("seats".to_owned(), Value::Int(84_000)),
        ("plan".to_owned(), text("Pro")),
        ("active".to_owned(), Value::Bool(true)),
        ("products".to_owned(), vec![text("SAP B1"), text("Lake")].into()),
    ]));
    let account = Value::Map(Map::from(HashMap::from([("custom".to_owned(), Value::Map(custom))])));
    let atoms = [
        "account.custom.arr > 1250.4",
        "account.custom.arr == 1250.51",
        "account.custom.seats >= 84001",
        "account.custom.plan == \"Pro\"",
        "account.custom.plan.contains(\"x\")",
        "account.custom.active",
        "account.custom.active != true",
        "\"Lake\" in account.custom.products",
        "account.custom.products.all(p, p.startsWith(\"S\"))",
        "has(account.custom.plan)",
    ];
    let mut context = Context::default();
    context.add_variable_from_value("account", account);
    for one in atoms {
        for other in atoms {
            for condition in [format!("{one} && !({other})"), format!("!({one}) || {other}")] {
                let expect = Program::compile(&condition).unwrap().execute(&context).unwrap();
                let found = holds(CELLS, &condition).contains(&"alder");
                assert_eq!(Value::Bool(found), expect, "{condition}");
            }
        }
    }
}

fn reports(cells: [&str; 4], when: &str) -> Vec<String> {
    site::reports(&sources(cells, when))
}

#[test]
fn a_cell_that_is_not_of_its_type_is_reported_at_its_place() {
    let check = |cells: &str, expect: &str| {
        let found = reports([cells, CELLS[1], CELLS[2], CELLS[3]], "true");
        assert_eq!(found, [format!("A003 2:{expect}")], "{cells}");
    };
    let at = 82;
    check("1250.505,,,,,,", &format!("{at} `arr` is `1250.505`; expected at most 2 digits behind the point"));
    check("12.500,,,,,,", &format!("{at} `arr` is `12.500`; expected at most 2 digits behind the point"));
    check(
        "\"12,5\",,,,,,",
        &format!("{at} `arr` is `12,5`; expected a decimal number with at most 2 digits behind the point"),
    );
    check(",,8.5,,,,", &format!("{} `seats` is `8.5`; expected a whole number", at + 2));
    check(",,,,maybe,,", &format!("{} `active` is `maybe`; expected true or false", at + 4));
    check(",,,,,31.01.2026,", &format!("{} `renewal` is `31.01.2026`; expected a date", at + 5));
}

#[test]
fn a_condition_asks_for_no_more_digits_than_a_column_has() {
    let check = |when: &str, expect: &[&str]| assert_eq!(reports(CELLS, when), expect, "{when}");
    check("account.custom.arr > 1.505", &[]);
    check(
        "account.custom.arr == 1.505",
        &["R003 2:8 `account.custom.arr` has 2 digits behind the point: it is never this"],
    );
    check("account.custom.arr in [1, 1.505]", &["R003 2:34 expected a number with at most 2 digits behind the point"]);
    check("account.custom.seats > 1.5", &["R003 2:31 decimal numbers are not supported here"]);
    check("account.custom.seats * 1.5 > 3", &["R003 2:8 a whole number is compared with a decimal one"]);
    check("account.custom.arr == \"1\"", &["R003 2:30 expected a whole number, found text"]);
    check("account.custom.plan > 3", &["R003 2:30 expected text, found a whole number"]);
    check("account.custom.arrr > 3", &["R012 2:8 unknown field `account.custom.arrr`"]);
}

#[test]
fn a_bundle_carries_of_named_columns_what_is_read() {
    let names = |when: &str| {
        let bundle = site::bundle(&sources(CELLS, when));
        bundle.site().names.columns.iter().map(|column| column.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("account.custom.arr > 1.5 || account.custom.active"), ["arr", "active"]);
    assert_eq!(names("true"), Vec::<String>::new());
}

#[test]
fn a_rule_that_holds_for_nobody_is_told_by_the_columns_own_name() {
    let why = |cells, when: &str| {
        let compiled = compile(&sources(cells, when));
        let found = compiled.diagnostics.iter().find(|found| found.code.0 == "L001");
        found.and_then(|found| found.help.clone()).unwrap_or_default()
    };
    let nearly = "no account has `Prod` as its `account.custom.plan`, but one has `Pro`";
    assert_eq!(why(CELLS, "account.custom.plan == \"Prod\""), nearly);
    let empty = "no account has a value of `account.custom.plan`: `custom` says which column it is in";
    assert_eq!(why([",,,,,,"; 4], "account.custom.plan == \"Pro\""), empty);
}

/// As `CODE file:line`, with the number of other places and of words of help.
fn told(files: &[(&str, &str)]) -> Vec<(String, usize, bool)> {
    let sources = site::with(files);
    let compiled = compile(&sources);
    let told = compiled.diagnostics.iter().map(|found| {
        let flat = flatten(found, &sources);
        (format!("{} {}:{}", flat.code, flat.place.file, flat.place.line), flat.related.len(), flat.help.is_some())
    });
    told.filter(|(place, ..)| !place.starts_with('L')).collect()
}

#[test]
fn a_list_without_the_columns_names_its_own_once() {
    let accounts = site::ACCOUNTS.replace("Industry,Employees", "Branch,Staff");
    let told = told(&[("accounts.csv", &accounts)]);
    assert_eq!(told, [("A002 nameplate.yaml:11".to_owned(), 1, true), ("A002 nameplate.yaml:12".to_owned(), 0, false)]);
}

#[test]
fn rows_that_were_emptied_and_not_deleted_are_none() {
    let rows = site::ACCOUNTS.replace("\nbirch", "\n,,,,,,,,,,\n , ,,,,,,,,,\nbirch");
    let accounts = format!("{rows},,,,,,,,,,\n,,,,,,,,,,,,,\n");
    assert_eq!(told(&[("accounts.csv", &accounts)]), []);
}

/// What a quote without an end has swallowed may hold every account that something else names.
#[test]
fn a_quote_without_an_end_is_one_mistake() {
    let accounts = site::ACCOUNTS.replace("alder,Alder Bank", "alder,\"Alder Bank");
    let told = told(&[("accounts.csv", &accounts)]);
    assert_eq!(told.iter().map(|(place, ..)| place.as_str()).collect::<Vec<_>>(), ["A001 accounts.csv:2"]);
}
