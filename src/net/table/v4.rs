//! IPv4: the top 16 bits index directly. Where one stretch fills their 65,536 addresses, that is the answer; else a node
//! splits the next 8 bits, and nodes below it the last 8.
//!
//! A node marks, among its 256 places, those at which another answer begins than just before. How many marks there are up to a
//! place (its rank) is the place of its answer among the node's answers. The idea is of Degermark and others, "Small forwarding
//! tables for fast routing lookups", SIGCOMM 1997. At most five reads: index, node, answer, node, answer.

use super::stretch::{NOBODY, stretches};
use crate::net::prefixes::Column;

/// An answer: an owner, nobody, or a node below.
#[derive(Debug, Clone, Copy, Default)]
struct Answer(u32);

impl Answer {
    /// The bit that tells a node from an owner.
    const NODE: u32 = 1 << 31;

    /// The node's position, if it is a node.
    fn node(self) -> Option<usize> {
        (self.0 & Self::NODE != 0).then(|| widen(self.0 & !Self::NODE))
    }

    fn found(self) -> Option<u32> {
        (self.0 != NOBODY).then_some(self.0)
    }
}

/// Marks of 256 places, and where the answers to them begin.
#[derive(Debug, Clone, Default)]
struct Node {
    groups: [Group; 32],
    answers: u32,
}

/// The marks of 8 places, and how many there are in the groups before.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    marks: u8,
    /// At most 248.
    before: u8,
}

impl Node {
    /// Counts the marks before each group.
    fn with_ranks(mut self) -> Self {
        let mut before = 0_u8;
        for group in &mut self.groups {
            group.before = before;
            before = before.wrapping_add(ones(group.marks));
        }
        self
    }

    /// Where the answer of a place is. The place 0 is always marked, so every place has one.
    fn answer(&self, place: u8) -> Option<usize> {
        let group = self.groups.get(usize::from(place >> 3))?;
        // The marks up to the place, itself included, shifted to the top: by 7 less its place in the group.
        let upto = group.marks.wrapping_shl(u32::from(!place & 7));
        let rank = u32::from(group.before).wrapping_add(u32::from(ones(upto)));
        Some(widen(self.answers.wrapping_add(rank).wrapping_sub(1)))
    }
}

#[derive(Debug, Clone)]
pub(super) struct V4 {
    index: Box<[Answer]>,
    nodes: Vec<Node>,
    answers: Vec<Answer>,
}

impl V4 {
    pub(super) fn new(prefixes: &Column<u32>) -> Self {
        // What is known to be large comes first, so that the rest grows in place.
        let most = prefixes.len().saturating_mul(2).saturating_add(1);
        let mut builder =
            Builder { index: Vec::with_capacity(1 << 16), answers: Vec::with_capacity(most), ..Builder::default() };
        stretches(prefixes, 0, |start, owner| builder.add(start, Answer(owner)));
        if !builder.part.answers.is_empty() {
            builder.end_part();
        }
        builder.end_block();
        let Builder { mut index, nodes, answers, latest: (_, last), .. } = builder;
        index.resize(1 << 16, last);
        Self { index: index.into(), nodes, answers }
    }

    pub(super) fn find(&self, bits: u32) -> Option<u32> {
        let [high, low, middle, last] = bits.to_be_bytes();
        let mut answer = *self.index.get(usize::from(u16::from_be_bytes([high, low])))?;
        for place in [middle, last] {
            let Some(node) = answer.node() else { break };
            answer = *self.answers.get(self.nodes.get(node)?.answer(place)?)?;
        }
        answer.found()
    }
}

/// A node that is being made, and its answers: they must come to lie together.
#[derive(Default)]
struct Draft {
    node: Node,
    answers: Vec<Answer>,
}

impl Draft {
    /// From `place` on the answer is another. Places come in ascending order; one that comes again is overwritten, and past the
    /// last there is nothing to mark.
    fn mark(&mut self, place: u32, answer: Answer) {
        let Some(group) = self.node.groups.get_mut(widen(place >> 3)) else { return };
        let mark = 1 << (place & 7);
        if group.marks & mark != 0 {
            self.answers.pop();
        }
        group.marks |= mark;
        self.answers.push(answer);
    }
}

/// Takes stretches as they come. A *block* is the 65,536 addresses of a place of the index, a *part* the 256 of a place of a block.
#[derive(Default)]
struct Builder {
    index: Vec<Answer>,
    nodes: Vec<Node>,
    answers: Vec<Answer>,
    block: Draft,
    /// Empty as long as no stretch begins inside the part.
    part: Draft,
    /// Where the last stretch began, and its answer.
    latest: (u32, Answer),
}

impl Builder {
    fn add(&mut self, start: u32, answer: Answer) {
        let (before, current) = self.latest;
        let crossed = start ^ before;
        if crossed >> 8 != 0 {
            if !self.part.answers.is_empty() {
                self.end_part();
            }
            if crossed >> 16 != 0 {
                self.end_block();
                // Those that no stretch begins in have the answer of the last stretch before them.
                self.index.resize(widen(start >> 16), current);
                self.block.mark(0, current);
            }
        }
        if start & 0xff == 0 {
            self.block.mark(start >> 8 & 0xff, answer);
        } else {
            if self.part.answers.is_empty() {
                self.part.mark(0, current);
            }
            self.part.mark(start & 0xff, answer);
        }
        self.latest = (start, answer);
    }

    #[inline(never)]
    fn end_part(&mut self) {
        let (start, answer) = self.latest;
        let place = start >> 8 & 0xff;
        let node = Self::finish(&mut self.part, &mut self.nodes, &mut self.answers);
        self.block.mark(place, node);
        // Behind a part that is split, its last answer goes on.
        self.block.mark(place.saturating_add(1), answer);
    }

    #[inline(never)]
    fn end_block(&mut self) {
        let answer = match *self.block.answers {
            [only] => {
                self.block.node = Node::default();
                self.block.answers.clear();
                only
            }
            _ => Self::finish(&mut self.block, &mut self.nodes, &mut self.answers),
        };
        self.index.push(answer);
    }

    /// Moves a draft's node to the others.
    fn finish(draft: &mut Draft, nodes: &mut Vec<Node>, answers: &mut Vec<Answer>) -> Answer {
        let node = std::mem::take(&mut draft.node);
        nodes.push(Node { answers: narrow(answers.len()), ..node }.with_ranks());
        answers.append(&mut draft.answers);
        Answer(narrow(nodes.len().saturating_sub(1)) | Answer::NODE)
    }
}

/// How many of a group are marked: an instruction of WebAssembly.
#[cfg(target_arch = "wasm32")]
fn ones(marks: u8) -> u8 {
    u8::try_from(marks.count_ones()).unwrap_or(0)
}

/// How many of a group are marked. Looked up: a processor's instruction for it is not in the builds for all processors.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::indexing_slicing, reason = "the table is filled by the compiler")]
fn ones(marks: u8) -> u8 {
    static ONES: [u8; 256] = {
        let mut ones = [0; 256];
        let mut marks = 1;
        while marks < 256 {
            ones[marks] = ones[marks >> 1] + (marks & 1) as u8;
            marks += 1;
        }
        ones
    };
    ONES.get(usize::from(marks)).copied().unwrap_or(0)
}

fn widen(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Counts of nodes and answers are bounded by the prefixes of a bundle, far below 31 bits.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
