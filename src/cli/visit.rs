//! The visit that a command line describes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::builder::PossibleValuesParser;
use nameplate::{
    bundle::Bundle,
    compile::instant_of,
    model::{Custom, CustomValue, ROLES, Visit},
    serve::{clock, parse_visit},
};

use super::{Failure, keys, open_bundle, words};

#[derive(clap::Args)]
pub(super) struct VisitOptions {
    /// The client's address
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<String>,
    /// The page's URL; conditions on `page.host` need all of it, others only the path and query
    #[arg(long, value_parser = page_url)]
    url: Option<String>,
    /// The full URL of the page before
    #[arg(long, value_name = "URL")]
    referrer: Option<String>,
    /// A signed account token, as `nameplate token` makes it: it beats all else
    #[arg(long, requires = "token_key")]
    token: Option<String>,
    /// A file with the key that account tokens are signed with
    #[arg(long, value_name = "FILE")]
    token_key: Option<PathBuf>,
    /// The domain of the visitor's e-mail address: it beats the address
    #[arg(long, value_name = "DOMAIN", value_parser = email_domain)]
    email_domain: Option<String>,
    /// The id of the account, if you know it: it beats the address
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// The visitor's role
    #[arg(long, value_parser = PossibleValuesParser::new(ROLES))]
    role: Option<String>,
    /// How many visits there were, this one included
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(1..))]
    visits: Option<i64>,
    /// The visitor's language, such as `de` or `pt-BR`
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// A cookie that conditions read, such as `plan=pro`; may be given again
    #[arg(long, value_name = "NAME=VALUE", value_parser = cookie)]
    cookie: Vec<(String, String)>,
    /// The time, such as `2026-11-27`, `2026-11-27T18:00:00+01:00` or Unix seconds; the clock's when neither this nor the visit says
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) now: Option<i64>,
    /// A visit as JSON, `-` for standard input; the other options overwrite what it says
    #[arg(long, value_name = "FILE")]
    visit: Option<PathBuf>,
}

impl VisitOptions {
    /// The bundle in a file, with the key that the visit's tokens are checked with.
    pub(super) fn open_bundle(&self, file: &Path) -> Result<Bundle, Failure> {
        let mut bundle = open_bundle(file)?;
        bundle.set_token_key(self.token_key.as_deref().map(keys::token_key).transpose()?);
        Ok(bundle)
    }

    pub(super) fn visit(&self) -> Result<Visit, Failure> {
        let mut visit = match &self.visit {
            Some(file) => read_visit(file)?,
            None => Visit::default(),
        };
        let overwrite = |place: &mut Option<String>, option: &Option<String>| {
            if option.is_some() {
                place.clone_from(option);
            }
        };
        overwrite(&mut visit.ip, &self.ip);
        overwrite(&mut visit.url, &self.url);
        overwrite(&mut visit.referrer, &self.referrer);
        overwrite(&mut visit.account, &self.account);
        overwrite(&mut visit.token, &self.token);
        overwrite(&mut visit.email_domain, &self.email_domain);
        overwrite(&mut visit.visitor.role, &self.role);
        overwrite(&mut visit.visitor.language, &self.language);
        visit.visitor.visits = self.visits.or(visit.visitor.visits);
        if !self.cookie.is_empty() {
            visit.visitor.cookies = Custom::default();
        }
        for (name, value) in &self.cookie {
            visit.visitor.cookies.add(name, CustomValue::Text(value.clone()));
        }
        visit.now = self.now.or(visit.now).or_else(|| Some(clock()));
        Ok(visit)
    }
}

/// What conditions can read as a URL. A visit may hold any text there; on a command line another one is a slip.
fn page_url(text: &str) -> Result<String, String> {
    match text.starts_with('/') || text.contains("://") {
        true => Ok(text.to_owned()),
        false => Err("expected a URL, such as `https://www.example.com/pricing` or `/pricing`".to_owned()),
    }
}

/// A visit may hold any text there too, and an address finds nobody.
fn email_domain(text: &str) -> Result<String, String> {
    match text.contains('@') {
        false => Ok(text.to_owned()),
        true => Err("expected what stands behind the `@` alone: nobody here wants to know the person".to_owned()),
    }
}

/// A time as the site's files write it, or Unix seconds.
fn time(text: &str) -> Result<i64, String> {
    let seconds = text.parse().ok().or_else(|| instant_of(text));
    seconds
        .ok_or_else(|| "expected a time, such as `2026-11-27`, `2026-11-27T18:00:00+01:00` or Unix seconds".to_owned())
}

/// The visit in a JSON object. A role or device that there is not is a slip where a person writes one visit; in a log of many it is what
/// was.
fn read_json(json: &[u8]) -> Result<Visit, String> {
    let visit = parse_visit(json)?;
    if let Some((key, _, known)) = visit.visitor.strange_words().next() {
        return Err(format!("expected a {key}, one of {}", known.join(", ")));
    }
    Ok(visit)
}

fn cookie(text: &str) -> Result<(String, String), String> {
    let expected = || "expected the name and the value of a cookie, such as `plan=pro`".to_owned();
    let parts = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
    let (name, value) = parts.ok_or_else(expected)?;
    Ok((name.to_owned(), value.to_owned()))
}

fn read_visit(file: &PathBuf) -> Result<Visit, Failure> {
    let named = |message: String| Failure::Because(format!("{}: {message}", file.display()));
    let text = match file.to_str() {
        Some("-") => io::read_to_string(io::stdin()),
        _ => fs::read_to_string(file),
    };
    let text = text.map_err(|error| named(words(&error)))?;
    read_json(text.as_bytes()).map_err(named)
}
