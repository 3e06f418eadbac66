//! What a target is written with: libFuzzer's macros, and where nobody fuzzes a program in their place that runs the target on files. So
//! every test of the project compiles the targets and runs them on their seeds, without libFuzzer, which is C++.

pub mod shown;

#[cfg(fuzzing)]
pub use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The target, and a program that runs it on the files of the folder that is named.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! fuzz_target {
    (|$bytes:ident: &[u8]| $body:block) => {
        fn main() {
            $crate::run(|$bytes: &[u8]| $body);
        }
    };
}

/// How libFuzzer is to change bytes: compiled, and not called.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! fuzz_mutator {
    (|$data:ident: &mut [u8], $size:ident: usize, $max_size:ident: usize, $seed:ident: u32| $body:block) => {
        const _: fn(&mut [u8], usize, usize, u32) -> usize = |$data, $size, $max_size, $seed| $body;
    };
}

/// Changes nothing.
#[cfg(not(fuzzing))]
pub fn fuzzer_mutate(_: &mut [u8], size: usize, _: usize) -> usize {
    size
}

/// Of each file so many are made beside it: cut at one of its bytes, or with one changed.
#[cfg(not(fuzzing))]
const CHANGED: usize = 8;

#[cfg(not(fuzzing))]
pub fn run(target: impl Fn(&[u8])) {
    let folder = std::env::args_os().nth(1).expect("a folder of files");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in &files {
        let bytes = std::fs::read(file).expect("a file");
        target(&bytes);
        for number in 0..CHANGED {
            let at = bytes.len() * number / CHANGED;
            target(&bytes[..at]);
            let mut changed = bytes.clone();
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= 1 << number;
                target(&changed);
            }
        }
    }
    assert!(!files.is_empty(), "a folder without files");
    println!("{} files, {CHANGED} times cut and changed", files.len());
}
