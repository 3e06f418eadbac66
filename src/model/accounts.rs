//! The account list in columns: a value costs four to eight bytes wherever many accounts share it, and a column that nothing reads
//! costs nothing.

use super::{Account, AccountField, Kind, Numbering, Text};
use crate::limit::PARENT_MAX;

/// Accounts, ascending by id.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    count: usize,
    /// Every text, one behind the other.
    arena: String,
    /// By a field's code, as far as any has values.
    columns: Vec<Column>,
}

/// The values of one field, account by account.
#[derive(Debug, Clone, Default)]
pub enum Column {
    /// Nobody has a value.
    #[default]
    Absent,
    /// [`Kind::Text`]
    Texts(Vec<Span>),
    /// [`Kind::Int`], and [`Kind::Bool`] as 0 and 1
    Ints(Vec<Option<i64>>),
    /// [`Kind::List`]
    Lists {
        /// Where each account's items end; they begin where those before end.
        ends: Vec<u32>,
        /// All items.
        items: Vec<Span>,
    },
}

/// A piece of the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u32,
    length: u32,
}

impl Span {
    /// No text: it lies outside every arena.
    pub const MISSING: Self = Self { start: u32::MAX, length: 1 };

    /// The first `length` bytes of it, or `None` where it is shorter.
    #[must_use]
    pub fn prefix(self, length: u32) -> Option<Self> {
        (length <= self.length).then_some(Self { length, ..self })
    }
}

/// A value to be put into a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// [`Kind::Text`]
    Text(Text),
    /// [`Kind::Int`], and [`Kind::Bool`] as 0 and 1
    Int(i64),
    /// [`Kind::List`]
    List(Vec<Text>),
}

/// One account before it stands in columns: what it has no value for is left out.
pub type Row = std::collections::BTreeMap<AccountField, Cell>;

impl Accounts {
    /// The accounts of `rows`, which ascend by id.
    #[must_use]
    pub fn new(rows: &[Row]) -> Self {
        let mut accounts = Self { count: rows.len(), ..Self::default() };
        let (mut known, mut spans) = (Numbering::default(), Vec::new());
        for field in AccountField::every() {
            let cells = || rows.iter().map(|row| row.get(&field));
            if cells().all(|cell| cell.is_none()) {
                continue;
            }
            let mut span = |text: &Text| {
                let number = known.number(text);
                spans.get(usize::try_from(number).unwrap_or(usize::MAX)).copied().unwrap_or_else(|| {
                    let span = accounts.add_text(text);
                    spans.push(span);
                    span
                })
            };
            let column = match field.kind() {
                Kind::Int | Kind::Bool => Column::Ints(cells().map(as_int).collect()),
                Kind::List => {
                    let mut items = Vec::new();
                    let ends = cells().map(|cell| {
                        items.extend(as_list(cell).iter().map(&mut span));
                        narrow(items.len())
                    });
                    Column::Lists { ends: ends.collect(), items }
                }
                _ => Column::Texts(cells().map(|cell| as_text(cell).map_or(Span::MISSING, &mut span)).collect()),
            };
            accounts.set_column(field, column);
        }
        accounts
    }

    /// So many accounts, of whom nothing is known until columns are set.
    #[must_use]
    pub fn with_count(count: usize) -> Self {
        Self { count, ..Self::default() }
    }

    /// Adds a text that columns may name.
    pub fn add_text(&mut self, text: &str) -> Span {
        let start = narrow(self.arena.len());
        self.arena.push_str(text);
        Span { start, length: narrow(text.len()) }
    }

    /// The text of a span, or `None` where it is missing.
    #[must_use]
    pub fn slice(&self, span: Span) -> Option<&str> {
        slice(&self.arena, span)
    }

    /// Sets the values of a field.
    pub fn set_column(&mut self, field: AccountField, column: Column) {
        let place = usize::from(field.code());
        if self.columns.len() <= place {
            self.columns.resize_with(place.saturating_add(1), Column::default);
        }
        if let Some(place) = self.columns.get_mut(place) {
            *place = column;
        }
    }

    /// The values of a field.
    #[must_use]
    pub fn column(&self, field: AccountField) -> &Column {
        self.columns.get(usize::from(field.code())).unwrap_or(&Column::Absent)
    }

    /// Forgets the fields that are not wanted.
    pub fn keep(&mut self, mut is_wanted: impl FnMut(AccountField) -> bool) {
        for field in AccountField::every() {
            if !is_wanted(field)
                && let Some(column) = self.columns.get_mut(usize::from(field.code()))
            {
                *column = Column::Absent;
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The account at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Account<'_>> {
        (position < self.count).then(|| Account::new(self, position))
    }

    /// All, ascending by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Account<'_>> + Clone {
        (0..self.count).map(|position| Account::new(self, position))
    }

    /// The position of the account with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        let Column::Texts(ids) = self.column(AccountField::Id) else { return None };
        ids.binary_search_by(|span| self.slice(*span).unwrap_or("").cmp(id)).ok()
    }

    /// Whether one account owns another, itself or through accounts between them. No account owns itself.
    #[must_use]
    pub fn owns(&self, owner: usize, owned: usize) -> bool {
        let mut above = owned;
        // By mistake parents may form a ring: nobody goes round in it.
        for _ in 0..PARENT_MAX {
            match self.text(above, AccountField::Parent).and_then(|parent| self.find(parent)) {
                Some(parent) if parent == owner => return owner != owned,
                Some(parent) => above = parent,
                None => return false,
            }
        }
        false
    }

    /// The one of some accounts that owns all the others.
    #[must_use]
    pub fn head(&self, accounts: &[usize]) -> Option<usize> {
        let owns_others = |owner: &usize| accounts.iter().all(|owned| owned == owner || self.owns(*owner, *owned));
        accounts.iter().copied().find(owns_others)
    }

    pub(super) fn text(&self, position: usize, field: AccountField) -> Option<&str> {
        let Column::Texts(spans) = self.column(field) else { return None };
        self.slice(*spans.get(position)?)
    }

    pub(super) fn int(&self, position: usize, field: AccountField) -> Option<i64> {
        let Column::Ints(ints) = self.column(field) else { return None };
        *ints.get(position)?
    }

    pub(super) fn list(&self, position: usize, field: AccountField) -> Texts<'_> {
        let found = || {
            let Column::Lists { ends, items } = self.column(field) else { return None };
            let start = position.checked_sub(1).map_or(Some(&0), |before| ends.get(before))?;
            items.get(usize::try_from(*start).ok()?..usize::try_from(*ends.get(position)?).ok()?)
        };
        Texts { arena: &self.arena, spans: found().unwrap_or(&[]) }
    }
}

/// Equal where every account has the same values: how they are laid out does not count.
impl PartialEq for Accounts {
    fn eq(&self, other: &Self) -> bool {
        let is_same =
            |(a, b): (Account<'_>, Account<'_>)| AccountField::every().all(|field| a.get(field) == b.get(field));
        self.count == other.count && self.iter().zip(other.iter()).all(is_same)
    }
}

impl Eq for Accounts {}

/// The items of a list field.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    arena: &'a str,
    spans: &'a [Span],
}

impl<'a> Texts<'a> {
    /// One by one, in the order of the source.
    pub fn iter(self) -> impl ExactSizeIterator<Item = &'a str> + Clone {
        self.spans.iter().map(move |span| slice(self.arena, *span).unwrap_or(""))
    }

    /// Whether one of them is `text`.
    #[must_use]
    pub fn contains(self, text: &str) -> bool {
        self.iter().any(|item| item == text)
    }
}

impl PartialEq for Texts<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

fn slice(arena: &str, span: Span) -> Option<&str> {
    let start = usize::try_from(span.start).ok()?;
    arena.get(start..start.checked_add(usize::try_from(span.length).ok()?)?)
}

fn as_text(cell: Option<&Cell>) -> Option<&Text> {
    match cell {
        Some(Cell::Text(text)) => Some(text),
        _ => None,
    }
}

fn as_int(cell: Option<&Cell>) -> Option<i64> {
    match cell {
        Some(Cell::Int(int)) => Some(*int),
        _ => None,
    }
}

fn as_list(cell: Option<&Cell>) -> &[Text] {
    match cell {
        Some(Cell::List(texts)) => texts,
        _ => &[],
    }
}

/// A bundle's bytes are bounded, and with them its texts and lists, far below 32 bits.
fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Accounts, Cell, Row};
    use crate::model::AccountField;

    fn accounts() -> Accounts {
        let text = |text: &str| Cell::Text(text.into());
        let list = |items: &[&str]| Cell::List(items.iter().map(|item| (*item).into()).collect());
        let alder = [
            (AccountField::Id, text("alder")),
            (AccountField::Name, text("Alder AG")),
            (AccountField::Technologies, list(&["lake", "mesh"])),
        ];
        let birch = [
            (AccountField::Id, text("birch")),
            (AccountField::Name, text("Birch Ltd")),
            (AccountField::Employees, Cell::Int(-3)),
        ];
        let cedar = [
            (AccountField::Id, text("cedar")),
            (AccountField::Name, text("Cedar SE")),
            (AccountField::Technologies, list(&["mesh"])),
        ];
        Accounts::new(&[alder, birch, cedar].map(Row::from))
    }

    #[test]
    fn every_account_has_its_own_values() {
        let accounts = accounts();
        let birch = accounts.get(accounts.find("birch").unwrap()).unwrap();
        assert_eq!((birch.id(), birch.name()), ("birch", "Birch Ltd"));
        assert_eq!((birch.text(AccountField::ShortName), birch.int(AccountField::Employees)), (None, Some(-3)));
        let technologies: Vec<Vec<&str>> =
            accounts.iter().map(|one| one.list(AccountField::Technologies).iter().collect()).collect();
        assert_eq!(technologies, [vec!["lake", "mesh"], vec![], vec!["mesh"]]);
        assert_eq!((accounts.find("beech"), accounts.find("")), (None, None));
        assert!(accounts.get(3).is_none());
    }

    #[test]
    fn an_account_owns_those_below_it_and_a_ring_ends() {
        let row = |id: &str, parent: &str| {
            let text = |text: &str| Cell::Text(text.into());
            Row::from([
                (AccountField::Id, text(id)),
                (AccountField::Name, text(id)),
                (AccountField::Parent, text(parent)),
            ])
        };
        let accounts = Accounts::new(&[
            row("a", "none"),
            row("b", "a"),
            row("c", "b"),
            row("r", "s"),
            row("s", "r"),
            row("t", "t"),
        ]);
        let owned = |owner: usize| (0..6).filter(|owned| accounts.owns(owner, *owned)).collect::<Vec<_>>();
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(owned), [vec![1, 2], vec![2], vec![], vec![4], vec![3], vec![], vec![]]);
        assert_eq!(
            [&[0, 1, 2][..], &[2, 1], &[1, 3], &[5], &[]].map(|of| accounts.head(of)),
            [Some(0), Some(1), None, Some(5), None]
        );
    }

    #[test]
    fn a_field_that_is_not_kept_is_missing() {
        let mut kept = accounts();
        assert_eq!(kept, accounts());
        kept.keep(|field| field != AccountField::Employees);
        assert_ne!(kept, accounts());
        assert_eq!(kept.get(1).and_then(|birch| birch.int(AccountField::Employees)), None);
    }
}
