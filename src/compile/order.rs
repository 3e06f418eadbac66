//! The order of classes: alike stand together, so that what they share is a run of neighbours in the file.

use std::collections::HashMap;

use crate::bundle::{self, Candidate, Classes};

/// What may show to some accounts, before it has its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Class {
    pub(super) experiences: Vec<Candidate>,
    pub(super) line_items: Vec<Candidate>,
}

/// The classes, ordered by which of the candidates they have that most classes have, then of the next, and so on; members follow
/// their classes.
pub(super) fn alike_together(classes: Vec<Class>, mut of_member: Vec<u32>) -> Classes {
    let ranks = ranks(&classes);
    let rank = |candidate: &Candidate| ranks.get(candidate).copied().unwrap_or(u32::MAX);
    let mut ordered: Vec<(Vec<u32>, usize)> = classes
        .iter()
        .enumerate()
        .map(|(number, class)| {
            let mut ranks: Vec<u32> = class.experiences.iter().map(rank).collect();
            ranks.sort_unstable();
            (ranks, number)
        })
        .collect();
    ordered.sort_unstable();
    let mut places = vec![0_u32; classes.len()];
    for (place, (_, number)) in (0_u32..).zip(&ordered) {
        if let Some(slot) = places.get_mut(*number) {
            *slot = place;
        }
    }
    for class in &mut of_member {
        *class = usize::try_from(*class).ok().and_then(|class| places.get(class).copied()).unwrap_or(0);
    }
    let class = |(_, number): &(Vec<u32>, usize)| {
        let Class { experiences, line_items } = classes.get(*number)?;
        Some(bundle::Class { experiences, line_items })
    };
    Classes::new(ordered.iter().filter_map(class), of_member)
}

/// The experiences by how many classes have them: 0 for the one that most have.
fn ranks(classes: &[Class]) -> HashMap<Candidate, u32> {
    let mut counts: HashMap<Candidate, usize> = HashMap::new();
    for candidate in classes.iter().flat_map(|class| &class.experiences) {
        *counts.entry(*candidate).or_default() += 1;
    }
    let mut ordered: Vec<(Candidate, usize)> = counts.into_iter().collect();
    ordered.sort_unstable_by_key(|(candidate, count)| (std::cmp::Reverse(*count), *candidate));
    (0_u32..).zip(ordered).map(|(rank, (candidate, _))| (candidate, rank)).collect()
}
