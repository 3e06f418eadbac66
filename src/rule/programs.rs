//! Programs on their way into a bundle.

use std::collections::HashMap;

use super::{Program, Rules};
use crate::bucket::Keys;

/// Programs, each once: rules that say the same share one.
#[derive(Debug, Default)]
pub struct Programs {
    positions: HashMap<Program, u32, Keys>,
    programs: Vec<Program>,
}

impl Programs {
    /// The position of `program`, which is added if it is new.
    pub fn add(&mut self, program: Program) -> u32 {
        let next = u32::try_from(self.programs.len()).unwrap_or(u32::MAX);
        *self.positions.entry(program).or_insert_with_key(|program| {
            self.programs.push(program.clone());
            next
        })
    }

    /// The program at a position.
    #[must_use]
    pub fn get(&self, position: u32) -> Option<&Program> {
        self.programs.get(usize::try_from(position).ok()?)
    }

    /// All, in the order of their positions.
    #[must_use]
    pub fn all(&self) -> &[Program] {
        &self.programs
    }

    /// The same, ready to be asked.
    #[must_use]
    pub fn to_rules(&self) -> Rules {
        Rules::of(&self.programs)
    }
}
