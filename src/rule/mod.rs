//! Rules at run time: the fields they read, the programs they are compiled to, and how a program is evaluated.

mod eval;
mod field;
mod index;
mod memo;
mod near_miss;
mod program;
mod programs;
mod requirement;
mod rules;
mod text;

pub use eval::{Context, Truth, evaluate, truth};
pub use field::{FIELDS, Field};
pub use index::Index;
pub use memo::Memo;
pub use near_miss::{NearMiss, near_miss};
pub use program::{Comparison, Instruction, Program, ProgramError, TextTest};
pub use programs::Programs;
pub use rules::{Rules, Step};
pub use text::with_names;
