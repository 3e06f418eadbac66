//! What beside the address says whom a visitor works for, and which of it counts. The first that names an account wins, in this order:
//! a signed token from the page's address or a login, the account that the caller names, the domain of an e-mail address, the token that
//! a cookie keeps, the address. What counts for less is evidence all the same: an explanation lists it.
//!
//! A company and one that it owns are not at odds: what counts for less is then more exact, and wins, if content and ads may act on it. Only
//! the caller means the account that he names, and no other.

use super::{
    describe::matched,
    resolve::{How, Resolved, by_id},
};
use crate::{
    bundle::{Bundle, Token},
    model::{Account, AccountField, Kind, MatchKind, Signal, SignalVerdict, Text, Value, Visit},
};

/// The account that is named, or that nobody can be; `found` is what the address says.
#[inline(never)]
pub(super) fn weigh(bundle: &Bundle, visit: &Visit, found: Resolved) -> Resolved {
    let by_address = found.at(bundle, visit.now);
    if [&visit.token, &visit.account, &visit.email_domain, &visit.cookie].iter().all(|said| said.is_none()) {
        return by_address;
    }
    let by_token =
        |token: &Option<String>, how| Some((Some(by_token(bundle, token.as_ref()?, visit.now).ok()?.0), how));
    let by_domain = || match *by_email_domain(bundle, visit) {
        [] => None,
        [account] => Some((Some(account), How::Email)),
        _ => Some((None, How::Ambiguous)),
    };
    let said =
        [by_token(&visit.token, How::Token), by_id(bundle, visit), by_domain(), by_token(&visit.cookie, How::Cookie)];
    let is_more_exact = |(account, how): (Option<usize>, How), other| how != How::Hint && owns(bundle, account, other);
    let known = said.into_iter().flatten().reduce(|known, other| match is_more_exact(known, other.0) {
        true => other,
        false => known,
    });
    let least = bundle.site().content_confidence.max(bundle.site().ads_confidence);
    let is_sure = |by: Resolved| by.confidence(bundle) >= least;
    match known.filter(|known| !is_more_exact(*known, by_address.account) || !is_sure(by_address)) {
        Some((account, how)) => Resolved { account, network: None, how, ..found },
        None => by_address,
    }
}

/// Whether both are known, and one owns the other.
fn owns(bundle: &Bundle, owner: Option<usize>, owned: Option<usize>) -> bool {
    owner.zip(owned).is_some_and(|(owner, owned)| bundle.site().accounts.owns(owner, owned))
}

/// All that was said, in the order in which it counts; `found` is what the address says, `resolved` what came of it all.
#[must_use]
pub fn signals(bundle: &Bundle, visit: &Visit, found: Resolved, resolved: Resolved) -> Vec<Signal> {
    let mut said = Signals { bundle, winner: resolved.account, is_settled: false, all: Vec::new() };
    said.token(MatchKind::Token, &visit.token, How::Token, visit.now);
    if let Some((account, how)) = by_id(bundle, visit) {
        said.add(MatchKind::Hint, account.as_slice(), reason(bundle, how));
    }
    if let Some(domain) = &visit.email_domain {
        let accounts = by_email_domain(bundle, visit);
        let text = match accounts.len() {
            _ if domain.contains('@') => "expected a domain, found an e-mail address".to_owned(),
            0 => "the domain of the visitor's e-mail address is no account's".to_owned(),
            1 => reason(bundle, How::Email),
            _ => reason(bundle, How::Ambiguous),
        };
        said.add(MatchKind::Email, &accounts, text);
    }
    said.token(MatchKind::Cookie, &visit.cookie, How::Cookie, visit.now);
    if found.how != How::NoAddress {
        let text = matched(bundle, found.at(bundle, visit.now)).reason;
        said.add(MatchKind::Address, found.account.as_slice(), text);
    }
    said.all
}

fn reason(bundle: &Bundle, how: How) -> String {
    matched(bundle, Resolved { how, ..Resolved::default() }).reason
}

/// What was said so far.
struct Signals<'a> {
    bundle: &'a Bundle,
    winner: Option<usize>,
    /// Whether one of them has won.
    is_settled: bool,
    all: Vec<Signal>,
}

impl Signals<'_> {
    fn token(&mut self, signal: MatchKind, token: &Option<String>, how: How, now: Option<i64>) {
        match token.as_ref().map(|token| by_token(self.bundle, token, now)) {
            Some(Ok((account, _))) => self.add(signal, &[account], reason(self.bundle, how)),
            Some(Err(problem)) => self.add(signal, &[], problem.to_owned()),
            None => {}
        }
    }

    fn add(&mut self, signal: MatchKind, accounts: &[usize], mut evidence: String) {
        let kin = accounts.first().filter(|_| accounts.len() == 1).and_then(|account| self.kin(*account));
        evidence.extend(kin.as_deref());
        let verdict = match accounts {
            [_] if kin.is_some() => SignalVerdict::Agrees,
            [account] if self.winner != Some(*account) => SignalVerdict::Overruled,
            [_] if self.is_settled => SignalVerdict::Agrees,
            [_] => SignalVerdict::Wins,
            _ => SignalVerdict::Silent,
        };
        self.is_settled |= verdict == SignalVerdict::Wins;
        let id = |position: &usize| self.bundle.site().accounts.get(*position).map(|account| Text::from(account.id()));
        let accounts = accounts.iter().filter_map(id).collect();
        self.all.push(Signal { signal, accounts, verdict, evidence });
    }

    /// In words, if an account owns the one that won, or belongs to it.
    fn kin(&self, account: usize) -> Option<String> {
        let winner = self.winner?;
        let accounts = &self.bundle.site().accounts;
        let id = accounts.get(winner)?.id();
        let [before, behind] = match (accounts.owns(account, winner), accounts.owns(winner, account)) {
            (true, _) => ["; `", "`, which counts, belongs to it"],
            (_, true) => ["; it belongs to `", "`, which counts"],
            _ => return None,
        };
        Some([before, id, behind].concat())
    }
}

/// The account that a token names, with all that it says, or why it counts for nothing. Out of line: it is asked for in many places.
#[inline(never)]
fn by_token<'a>(bundle: &Bundle, token: &'a str, now: Option<i64>) -> Result<(usize, Token<'a>), &'static str> {
    let key = bundle.token_key().ok_or("there is no key to check it with")?;
    let token = key.read(&bundle.site().name, token, now)?;
    let account = bundle.site().accounts.find(token.account).ok_or("it names an account that is not in the list")?;
    Ok((account, token))
}

/// What good tokens say of the visitor himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told<'a> {
    /// His role.
    pub role: Option<&'a str>,
    /// The campaign by which he came.
    pub campaign: Option<&'a str>,
}

impl Told<'_> {
    /// As the tag hears it: `ROLE.CAMPAIGN`, of which one may be empty, or nothing.
    #[must_use]
    pub fn text(self) -> String {
        match (self.role, self.campaign) {
            (None, None) => String::new(),
            (role, campaign) => [role.unwrap_or(""), ".", campaign.unwrap_or("")].concat(),
        }
    }
}

/// What the tokens of a visit say of the visitor himself. What the visit says counts first.
#[must_use]
pub fn told<'a>(bundle: &Bundle, visit: &'a Visit) -> Told<'a> {
    // Most say nothing: they need not be checked again.
    let says_more = |token: &&'a String| token.bytes().filter(|byte| *byte == b'.').count() > 2;
    let tokens = [&visit.token, &visit.cookie].into_iter().flatten().filter(says_more);
    let good = tokens.filter_map(|token| by_token(bundle, token, visit.now).ok());
    good.fold(Told::default(), |told, (_, token)| Told {
        role: told.role.or(token.role),
        campaign: told.campaign.or(token.campaign),
    })
}

/// The accounts of the longest domain that holds the visit's, that of an e-mail address: where there are several, the one of the country
/// that the caller says, or else of the address's, if there is one, or else the one that owns the others.
fn by_email_domain(bundle: &Bundle, visit: &Visit) -> Vec<usize> {
    let (mut longest, mut found) = (1, Vec::new());
    // A whole address is refused: nobody here wants to know the person.
    let Some(domain) = visit.email_domain.as_deref().filter(|domain| !domain.contains('@')) else { return found };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let accounts = &bundle.site().accounts;
    for account in accounts.iter() {
        for own in account.list(AccountField::Domains).iter().filter(|own| holds(own, domain)) {
            if own.len() > longest {
                longest = own.len();
                found.clear();
            }
            if own.len() == longest && found.last() != Some(&account.position()) {
                found.push(account.position());
            }
        }
    }
    let of_company = visit.attributes.as_ref().and_then(|attributes| attributes.country.as_deref());
    let country = of_company.or_else(|| match visit.visitor.custom.get("country", Kind::Text) {
        Value::Text(of_address) => Some(of_address),
        _ => None,
    });
    let is_there = |account: Account<'_>| {
        let mut own = account.list(AccountField::Countries).iter();
        country.is_some_and(|country| own.any(|own| own.eq_ignore_ascii_case(country)))
    };
    let mut there = found.iter().copied().filter(|position| accounts.get(*position).is_some_and(is_there));
    if let (Some(only), None) = (there.next(), there.next()) {
        return vec![only];
    }
    accounts.head(&found).map_or(found, |head| vec![head])
}

/// Whether a domain is an account's own, or lies below it.
fn holds(own: &str, domain: &str) -> bool {
    let parts = domain.len().checked_sub(own.len()).and_then(|at| domain.split_at_checked(at));
    let is_whole = |head: &str| head.is_empty() || head.ends_with('.');
    own.contains('.') && parts.is_some_and(|(head, tail)| is_whole(head) && tail.eq_ignore_ascii_case(own))
}
