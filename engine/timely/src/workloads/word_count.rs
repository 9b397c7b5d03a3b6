//! Word count: the cumulative count of every identifier, in a dense array (key-count) or in a hash table (hash-count) per bin.

use std::marker::PhantomData;

use crate::input::words::FromKey;
use crate::megaphone::binning::{Hashed, LowBits};
use crate::megaphone::count_table::CountTable;
use crate::megaphone::kernel::{Context, Kernel, Record};
use crate::time::Timestamp;

/// An identifier in as few bytes as the domain allows, which also holds a count.
pub trait Key: FromKey + Record {
    /// The identifier.
    fn key(self) -> u64;
}

impl Key for u32 {
    #[inline(always)]
    fn key(self) -> u64 {
        u64::from(self)
    }
}

impl Key for u64 {
    #[inline(always)]
    fn key(self) -> u64 {
        self
    }
}

/// Counts in dense arrays: bin = low bits of the key, slot = the rest.
#[derive(Clone, Copy, Debug)]
pub struct KeyCount<I> {
    slots: usize,
    key: PhantomData<I>,
}

impl<I> KeyCount<I> {
    /// Counts the identifiers 0 .. domain - 1 in 2^bin_shift bins.
    pub fn new(domain: u64, bin_shift: u32) -> Self {
        Self { slots: domain.div_ceil(1 << bin_shift) as usize, key: PhantomData }
    }
}

impl<I: Key> Kernel for KeyCount<I> {
    type Left = I;
    type Right = ();
    type Bin = Vec<u64>;
    type Binning = LowBits;
    type Output = (I, I);

    #[inline(always)]
    fn left_key(record: &I) -> u64 {
        record.key()
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn empty(&self) -> Vec<u64> {
        vec![0; self.slots]
    }

    fn left(&mut self, records: &[I], _time: Timestamp, context: Context<Self>) {
        let Context { bins, output, .. } = context;
        let binning = bins.binning();
        output.reserve(records.len());
        output.extend(records.iter().map(|record| {
            let count = &mut bins.of(record.key())[binning.slot_of(record.key())];
            *count += 1;
            (*record, I::from_key(*count))
        }));
    }
}

/// Counts in hash tables: bin = top bits of the key's hash.
#[derive(Clone, Copy, Debug)]
pub struct HashCount<I>(PhantomData<I>);

impl<I> HashCount<I> {
    /// Counts any identifiers.
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<I: Key> Kernel for HashCount<I> {
    type Left = I;
    type Right = ();
    type Bin = CountTable;
    type Binning = Hashed;
    type Output = (I, I);

    #[inline(always)]
    fn left_key(record: &I) -> u64 {
        record.key()
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, records: &[I], _time: Timestamp, context: Context<Self>) {
        let Context { bins, output, .. } = context;
        output.reserve(records.len());
        output.extend(records.iter().map(|record| {
            let count = bins.of(record.key()).count(record.key());
            (*record, I::from_key(count))
        }));
    }
}
