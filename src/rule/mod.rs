//! Rules at run time: the fields they read, the programs they are compiled to, and how a program is evaluated.

mod clock;
mod eval;
mod field;
mod index;
mod memo;
mod near_miss;
mod pattern;
mod possible;
mod program;
mod programs;
mod requirement;
mod rules;
mod text;
mod ways;

pub use clock::{ClockPart, Zone, day};
pub use eval::{Context, Truth, evaluate, truth};
pub use field::{FIELDS, Field, Note};
pub use index::Index;
pub use memo::Memo;
pub use near_miss::near_miss;
pub use pattern::Pattern;
pub use possible::shape;
pub use program::{Comparison, Instruction, ItemTest, Program, ProgramError, TextTest};
pub use programs::Programs;
pub use rules::{Rules, Step};
pub use text::Worded;
pub use ways::{Literal, may_hold};
