//! DIR-24-8 (Gupta, Lin, McKeown 1998): one entry for every /24, and 256 more where longer prefixes are. 64 MB and at most two
//! reads: what is usually taken as the limit for IPv4.

pub struct Direct {
    /// Account + 1, 0 for nobody; with the high bit the number of a block of 256.
    first: Vec<u32>,
    blocks: Vec<u32>,
}

const BLOCK: u32 = 1 << 31;

impl Direct {
    /// Of `(bits, length, account)`.
    pub fn new(prefixes: &[(u32, u8, u32)]) -> Self {
        let mut sorted = prefixes.to_vec();
        sorted.sort_by_key(|(_, length, _)| *length);
        let mut direct = Self { first: vec![0; 1 << 24], blocks: Vec::new() };
        for (bits, length, account) in sorted {
            let value = account + 1;
            let start = (bits >> 8) as usize;
            if length <= 24 {
                direct.first[start..start + (1 << (24 - length))].fill(value);
                continue;
            }
            let entry = &mut direct.first[start];
            if *entry & BLOCK == 0 {
                let inherited = *entry;
                *entry = BLOCK | (direct.blocks.len() as u32 >> 8);
                direct.blocks.extend([inherited; 256]);
            }
            let block = ((*entry & !BLOCK) as usize) << 8;
            let from = block + (bits & 255) as usize;
            direct.blocks[from..from + (1 << (32 - length))].fill(value);
        }
        direct
    }

    pub fn find(&self, bits: u32) -> Option<u32> {
        let entry = self.first[(bits >> 8) as usize];
        let value = if entry & BLOCK == 0 {
            entry
        } else {
            self.blocks[(((entry & !BLOCK) as usize) << 8) | (bits & 255) as usize]
        };
        value.checked_sub(1)
    }
}
