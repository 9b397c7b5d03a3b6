//! An order-independent digest of a run's output records: each is hashed to 64 bits, the hashes are summed with wrap-around. Equal to
//! that of `experiments/metrics/digest.ts`. A number is hashed as a double, whatever type it comes from.

use crate::results::DigestValue;

/// Odd multipliers without a pattern in their bits, used in turn; and where hashes start.
const MULTIPLIERS: [u64; 3] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xa076_1d64_78bd_642f];
const SEED: u64 = 0x3c6e_f372_1f83_d9ab;

/// A result as the numbers of its columns.
pub trait Row<const COLUMNS: usize> {
    /// The numbers; any double but NaN.
    fn numbers(&self) -> [f64; COLUMNS];
}

impl<const COLUMNS: usize> Row<COLUMNS> for [f64; COLUMNS] {
    #[inline(always)]
    fn numbers(&self) -> [f64; COLUMNS] {
        *self
    }
}

/// An identifier and its count.
impl Row<2> for (u64, u64) {
    #[inline(always)]
    fn numbers(&self) -> [f64; 2] {
        [self.0 as f64, self.1 as f64]
    }
}

/// An identifier and its count, where both are small.
impl Row<2> for (u32, u32) {
    #[inline(always)]
    fn numbers(&self) -> [f64; 2] {
        [f64::from(self.0), f64::from(self.1)]
    }
}

/// Sums up hashes of records.
#[derive(Clone, Copy, Debug, Default)]
pub struct Digest {
    records: u64,
    sum: u64,
}

impl Digest {
    /// Adds records.
    pub fn add<const COLUMNS: usize, R: Row<COLUMNS>>(&mut self, rows: &[R]) {
        let mut sum = 0u64;
        for row in rows {
            sum = sum.wrapping_add(hash_of(row.numbers()));
        }
        self.sum = self.sum.wrapping_add(sum);
        self.records += rows.len() as u64;
    }

    /// The digest so far.
    pub fn value(&self) -> DigestValue {
        DigestValue { records: self.records, sum: format!("{:016x}", self.sum) }
    }
}

#[inline(always)]
fn hash_of<const COLUMNS: usize>(numbers: [f64; COLUMNS]) -> u64 {
    let mut hash = SEED.wrapping_add(COLUMNS as u64);
    for (column, number) in numbers.into_iter().enumerate() {
        // The sum turns -0 into 0.
        let bits = (number + 0.0).to_bits();
        hash = mixed(hash.wrapping_add(bits), MULTIPLIERS[column % 3]);
    }
    mixed(hash, MULTIPLIERS[COLUMNS % 3])
}

#[inline(always)]
fn mixed(hash: u64, multiplier: u64) -> u64 {
    let product = hash.wrapping_mul(multiplier);
    product ^ (product >> 32)
}
