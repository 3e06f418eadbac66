//! IPv4: the top 16 bits index directly. Where one stretch fills their 65,536 addresses, that is the answer; else a node
//! splits the next 8 bits, and nodes below it the last 8.
//!
//! A node marks, among its 256 places, those at which another answer begins than just before. How many marks there are up to a
//! place (its rank) is the place of its answer among the node's answers. The idea is of Degermark and others, "Small forwarding
//! tables for fast routing lookups", SIGCOMM 1997. At most five reads: index, node, answer, node, answer.

use super::stretch::Stretch;

/// An answer: an owner, nobody, or a node below.
#[derive(Debug, Clone, Copy)]
struct Answer(u32);

impl Answer {
    /// The bit that tells a node from an owner. Owners are positions of prefixes, far below it.
    const NODE: u32 = 1 << 31;
    const NOBODY: Self = Self(Self::NODE - 1);

    fn owner(owner: Option<u32>) -> Self {
        owner.map_or(Self::NOBODY, Self)
    }

    /// The node's position, if it is a node.
    fn node(self) -> Option<usize> {
        (self.0 & Self::NODE != 0).then(|| widen(self.0 & !Self::NODE))
    }

    fn found(self) -> Option<u32> {
        (self.0 != Self::NOBODY.0).then_some(self.0)
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
    pub(super) fn new(stretches: &[Stretch<u32>]) -> Self {
        let mut builder = Builder::default();
        let mut index = Vec::with_capacity(1 << 16);
        let mut before = Answer::NOBODY;
        for group in stretches.chunk_by(|a, b| a.start >> 16 == b.start >> 16) {
            let Some((first, last)) = group.first().zip(group.last()) else { continue };
            // Addresses that no stretch begins in have the answer of the last stretch before them.
            index.resize(widen(first.start >> 16), before);
            index.push(builder.answer(group, 16, before));
            before = Answer::owner(last.owner);
        }
        index.resize(1 << 16, before);
        Self { index: index.into(), nodes: builder.nodes, answers: builder.answers }
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

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    answers: Vec<Answer>,
    /// The answers of the nodes that are being made, the one below at the end: a node's own must come to lie together.
    unfinished: Vec<Answer>,
}

impl Builder {
    /// The answer for a block of `2^bits` addresses in which these stretches begin; `before` is the answer just before it.
    fn answer(&mut self, group: &[Stretch<u32>], bits: u32, mut before: Answer) -> Answer {
        let mask = (1_u32 << bits).wrapping_sub(1);
        if let [only] = group
            && only.start & mask == 0
        {
            return Answer::owner(only.owner);
        }
        let below = bits.saturating_sub(8);
        let place_of = |stretch: &Stretch<u32>| (stretch.start & mask) >> below;
        let bottom = self.unfinished.len();
        let mut node = Node::default();
        self.mark(&mut node, 0, before);
        for part in group.chunk_by(|a, b| place_of(a) == place_of(b)) {
            let Some((first, last)) = part.first().zip(part.last()) else { continue };
            let place = place_of(first);
            let answer = self.answer(part, below, before);
            self.mark(&mut node, place, answer);
            before = Answer::owner(last.owner);
            if answer.node().is_some() {
                // Behind a place that is split, its last answer goes on.
                self.mark(&mut node, place.saturating_add(1), before);
            }
        }
        node.answers = narrow(self.answers.len());
        self.answers.extend(self.unfinished.drain(bottom..));
        self.nodes.push(node.with_ranks());
        Answer(narrow(self.nodes.len().saturating_sub(1)) | Answer::NODE)
    }

    /// From `place` on the answer is another. Places come in ascending order; one that comes again is overwritten, and past the
    /// last there is nothing to mark.
    fn mark(&mut self, node: &mut Node, place: u32, answer: Answer) {
        let Some(group) = node.groups.get_mut(widen(place >> 3)) else { return };
        let mark = 1 << (place & 7);
        if group.marks & mark != 0 {
            self.unfinished.pop();
        }
        group.marks |= mark;
        self.unfinished.push(answer);
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
