//! One visit to the rules that hold, or to the first that holds for each slot. Contexts are made beforehand.

use std::{cell::RefCell, fs};

use a_tree::{ATree, AttributeDefinition, Event};
use bumpalo::Bump;
use cel::{Context, Program, Value as CelValue};
use datalogic_rs::{Engine, Logic, ParsedData};
use nameplate::{
    bundle::Bundle,
    decide::{Company, decide},
    model::{Facts, Visit},
    rule::{self, Memo},
};
use serde::Deserialize;
use serde_json::{Value, json};
use unleash_yggdrasil::{
    ClientFeatures, Context as UnleashContext, EngineState, UpdateMessage, state::EnrichedContext,
};

use crate::{Config, Contender, Opener};

const SLOTS: usize = 8;

#[derive(Deserialize)]
struct Rule {
    name: String,
    slot: usize,
    priority: u32,
    cel: String,
    atree: String,
    logic: Value,
}

#[derive(Deserialize)]
struct Line {
    visit: Visit,
    context: serde_json::Map<String, Value>,
    yggdrasil: Value,
}

fn lines<T: for<'a> Deserialize<'a>>(folder: &str, file: &str) -> Vec<T> {
    let text = fs::read_to_string(format!("{folder}/{file}.jsonl")).expect("a set");
    text.lines().map(|line| serde_json::from_str(line).expect("valid JSON")).collect()
}

/// The inputs of each kind of visit.
struct Inputs<T> {
    known: Vec<T>,
    stranger: Vec<T>,
    described: Vec<T>,
}

impl<T> Inputs<T> {
    fn read(folder: &str, make: impl Fn(Line) -> T) -> Self {
        let read = |kind| lines(folder, kind).into_iter().map(&make).collect();
        Self { known: read("known"), stranger: read("stranger"), described: read("described") }
    }

    fn of(&self, kind: &str) -> &[T] {
        match kind {
            "known" => &self.known,
            "stranger" => &self.stranger,
            _ => &self.described,
        }
    }
}

/// An engine: the answer for an input is the numbers of rules in `found`.
struct Answers<T, F> {
    inputs: Inputs<T>,
    names: Vec<String>,
    find: F,
    by_slot: bool,
}

impl<T, F: FnMut(&T, &mut Vec<Option<usize>>)> Contender for Answers<T, F> {
    fn run(&mut self, of: &str, from: usize, count: usize) -> u64 {
        let inputs = self.inputs.of(of);
        let mut found = Vec::new();
        let mut sum = 0_u64;
        for at in from..from + count {
            found.clear();
            (self.find)(&inputs[at % inputs.len()], &mut found);
            sum = sum.wrapping_add(found.len() as u64);
        }
        sum
    }

    fn answer(&mut self, of: &str, at: usize) -> Value {
        let mut found = Vec::new();
        (self.find)(&self.inputs.of(of)[at], &mut found);
        let name = |at: &Option<usize>| at.map(|at| self.names[at].as_str());
        if self.by_slot {
            return json!(found.iter().map(name).collect::<Vec<_>>());
        }
        let mut names: Vec<&str> = found.iter().filter_map(name).collect();
        names.sort_unstable();
        json!(names)
    }

    fn len(&self, of: &str) -> usize {
        self.inputs.of(of).len()
    }
}

fn answers<T: 'static>(
    inputs: Inputs<T>,
    names: Vec<String>,
    by_slot: bool,
    find: impl FnMut(&T, &mut Vec<Option<usize>>) + 'static,
) -> Box<dyn Contender> {
    Box::new(Answers { inputs, names, find, by_slot })
}

/// The rules' numbers by slot, in the order in which they compete.
fn in_order(rules: &[Rule]) -> Vec<Vec<usize>> {
    let mut slots = vec![Vec::new(); SLOTS];
    for (at, rule) in rules.iter().enumerate() {
        slots[rule.slot].push(at);
    }
    for slot in &mut slots {
        slot.sort_by(|a: &usize, b: &usize| {
            (rules[*b].priority, &rules[*a].name).cmp(&(rules[*a].priority, &rules[*b].name))
        });
    }
    slots
}

/// Both questions, for an engine that knows one rule at a time.
fn ask(
    mode: &str,
    count: usize,
    slots: &[Vec<usize>],
    found: &mut Vec<Option<usize>>,
    mut holds: impl FnMut(usize) -> bool,
) {
    if mode == "all" {
        found.extend((0..count).filter(|at| holds(*at)).map(Some));
    } else {
        found.extend(slots.iter().map(|slot| slot.iter().copied().find(|at| holds(*at))));
    }
}

pub fn opener(config: &Config) -> Opener {
    let folder = config.set.clone();
    let mode = config.mode.clone();
    let by_slot = mode != "all";
    match config.peer.as_str() {
        "ours" => return ours(&folder),
        "scan" => return scan(&folder),
        _ => {}
    }
    if config.peer == "unleash-yggdrasil" {
        return yggdrasil(&folder, &mode);
    }
    // Never freed, so that opening is weighed by what it makes and not by what it drops.
    let rules: &'static [Rule] = lines(&folder, "rules").leak();
    let names: Vec<String> = rules.iter().map(|rule| rule.name.clone()).collect();
    let slots = in_order(rules);
    match config.peer.as_str() {
        "cel" => {
            let inputs = Inputs::read(&folder, |line| cel_context(&line.context));
            Box::new(move || {
                let programs: Vec<Program> =
                    rules.iter().map(|rule| Program::compile(&rule.cel).expect("CEL")).collect();
                answers(inputs, names, by_slot, move |context, found| {
                    let holds = |at: usize| matches!(programs[at].execute(context), Ok(CelValue::Bool(true)));
                    ask(&mode, programs.len(), &slots, found, holds);
                })
            })
        }
        "datalogic-rs" => {
            let inputs = Inputs::read(&folder, |line| {
                ParsedData::from_json(&Value::Object(line.context).to_string()).expect("JSON")
            });
            Box::new(move || {
                let engine = Engine::new();
                let logics: Vec<Logic> =
                    rules.iter().map(|rule| engine.compile(rule.logic.to_string().as_str()).expect("logic")).collect();
                let arena = RefCell::new(Bump::new());
                answers(inputs, names, by_slot, move |data, found| {
                    arena.borrow_mut().reset();
                    let arena = arena.borrow();
                    let holds = |at: usize| {
                        engine
                            .evaluate(&logics[at], data.value(), &arena)
                            .is_ok_and(|value| value.as_bool() == Some(true))
                    };
                    ask(&mode, logics.len(), &slots, found, holds);
                })
            })
        }
        "a-tree" => a_tree(&folder, rules, names),
        other => panic!("no such peer: {other}"),
    }
}

/// `account_tier` of a context becomes `tier` of the variable `account`.
fn cel_context(facts: &serde_json::Map<String, Value>) -> Context<'static, 'static> {
    let mut context = Context::default();
    for variable in ["account", "visitor", "page"] {
        let fields: std::collections::HashMap<String, CelValue> = facts
            .iter()
            .filter_map(|(key, value)| {
                Some((key.strip_prefix(variable)?.strip_prefix('_')?.to_owned(), cel_value(value)))
            })
            .collect();
        context.add_variable_from_value(variable, fields);
    }
    context
}

fn cel_value(value: &Value) -> CelValue {
    match value {
        Value::Number(number) => CelValue::Int(number.as_i64().expect("a whole number")),
        Value::String(text) => CelValue::String(text.clone().into()),
        Value::Array(values) => CelValue::List(values.iter().map(cel_value).collect::<Vec<_>>().into()),
        other => panic!("no such value in a context: {other}"),
    }
}

/// It always finds all that hold; there is no question of which comes first.
fn a_tree(folder: &str, rules: &'static [Rule], names: Vec<String>) -> Opener {
    let folder = folder.to_owned();
    Box::new(move || {
        let texts = [
            "account_id",
            "account_industry",
            "account_stage",
            "page_path",
            "page_utm_source",
            "page_utm_campaign",
            "visitor_role",
            "visitor_language",
        ];
        let numbers = ["account_employees", "account_tier", "visitor_visits"];
        let lists = ["account_technologies", "account_segments", "page_path_beginnings"];
        let definitions: Vec<AttributeDefinition> = texts
            .iter()
            .map(|name| AttributeDefinition::string(name))
            .chain(numbers.iter().map(|name| AttributeDefinition::integer(name)))
            .chain(lists.iter().map(|name| AttributeDefinition::string_list(name)))
            .collect();
        let mut tree = ATree::new(&definitions).expect("attributes");
        for (at, rule) in rules.iter().enumerate() {
            tree.insert(&at, &rule.atree).unwrap_or_else(|error| panic!("{}: {error}", rule.atree));
        }
        let inputs = Inputs::read(&folder, |line| {
            let mut event = tree.make_event();
            let context = &line.context;
            for name in texts {
                match context.get(name).and_then(Value::as_str) {
                    Some(text) => event.with_string(name, text),
                    None => event.with_undefined(name),
                }
                .expect("a text");
            }
            for name in numbers {
                match context.get(name).and_then(Value::as_i64) {
                    Some(number) => event.with_integer(name, number),
                    None => event.with_undefined(name),
                }
                .expect("a number");
            }
            for name in ["account_technologies", "account_segments"] {
                let values = context.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                event.with_string_list(name, &values).expect("a list");
            }
            let path = context["page_path"].as_str().expect("a path");
            let beginnings: Vec<&str> = (1..=path.len()).map(|end| &path[..end]).collect();
            event.with_string_list("page_path_beginnings", &beginnings).expect("a list");
            event.build().expect("an event")
        });
        answers(inputs, names, false, move |event: &Event, found| {
            found.extend(tree.search(event).expect("a search").matches().iter().map(|at| Some(**at)));
        })
    })
}

fn yggdrasil(folder: &str, mode: &str) -> Opener {
    let features: &'static ClientFeatures = Box::leak(Box::new(
        serde_json::from_str(&fs::read_to_string(format!("{folder}/unleash-{mode}.json")).expect("features"))
            .expect("JSON"),
    ));
    let inputs =
        Inputs::read(folder, |line| serde_json::from_value::<UnleashContext>(line.yggdrasil).expect("a context"));
    let toggles: Vec<String> = features.features.iter().map(|feature| feature.name.clone()).collect();
    let names: Vec<String> = lines::<Rule>(folder, "rules").into_iter().map(|rule| rule.name).collect();
    let by_slot = mode != "all";
    Box::new(move || {
        let engine = EngineState::default();
        let warnings = engine.take_state(UpdateMessage::FullResponse(features.clone()));
        assert!(warnings.is_none(), "a rule cannot be read: {}", warnings.map_or(0, |list| list.len()));
        answers(inputs, names, by_slot, move |context, found| {
            for (at, toggle) in toggles.iter().enumerate() {
                let enriched = EnrichedContext::from(context, toggle, None);
                if !by_slot {
                    if engine.check_enabled(&enriched) == Some(true) {
                        found.push(Some(at));
                    }
                    continue;
                }
                // A rule's name ends in its number.
                let variant = engine.check_variant(&enriched).filter(|variant| variant.enabled);
                found.push(variant.and_then(|variant| variant.name.get(2..)?.parse().ok()));
            }
        })
    })
}

struct Ours {
    bundle: Bundle,
    inputs: Inputs<Visit>,
}

impl Contender for Ours {
    fn run(&mut self, of: &str, from: usize, count: usize) -> u64 {
        let inputs = self.inputs.of(of);
        (from..from + count).map(|at| decide(&self.bundle, &inputs[at % inputs.len()]).slots.len() as u64).sum()
    }

    fn answer(&mut self, of: &str, at: usize) -> Value {
        let decision = serde_json::to_value(decide(&self.bundle, &self.inputs.of(of)[at])).expect("JSON");
        json!({ "slots": decision["slots"] })
    }

    fn len(&self, of: &str) -> usize {
        self.inputs.of(of).len()
    }
}

/// Our own programs with nothing before them: for each slot one after the other, until one holds. What an index is good for.
fn scan(folder: &str) -> Opener {
    let bytes = fs::read(format!("{folder}/site.npb")).expect("a bundle");
    let inputs = Inputs::read(folder, |line| line.visit);
    Box::new(move || {
        let bundle = Bundle::open(&bytes).expect("a valid bundle");
        let names = bundle.site().experiences.iter().map(|experience| experience.name.to_string()).collect();
        answers(inputs, names, true, move |visit: &Visit, found| {
            let company = Company::new(&bundle, visit.attributes.as_ref().expect("a described company"));
            let company = company.expect("a company with an id");
            let facts = Facts::new(company.account(), visit);
            let context = rule::Context { facts: &facts, address: None, segments: company.segments() };
            let memo = Memo::default();
            let holds = |at: &usize| bundle.rules().holds(bundle.site().experiences[*at].rule, &context, &memo);
            found.extend(bundle.slot_candidates().iter().map(|slot| slot.iter().copied().find(holds)));
        })
    })
}

fn ours(folder: &str) -> Opener {
    let bytes = fs::read(format!("{folder}/site.npb")).expect("a bundle");
    let inputs = Inputs::read(folder, |line| line.visit);
    Box::new(move || Box::new(Ours { bundle: Bundle::open(&bytes).expect("a valid bundle"), inputs }))
}
