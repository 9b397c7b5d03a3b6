//! Keys to bins: by the most significant bits of a key's hash (paper section 4.2), or by the low bits of dense keys.

/// A fixed map from keys to the bins 0 .. 2^shift - 1, the same on every worker.
pub trait Binning: Copy + 'static {
    /// The map to 2^shift bins; shift is 1 to 20.
    fn new(shift: u32) -> Self;
    /// Number of bins.
    fn bins(self) -> usize;
    /// Bin of a key.
    fn bin_of(self, key: u64) -> usize;
}

/// Bins by the top bits of the hash.
#[derive(Clone, Copy, Debug)]
pub struct Hashed {
    shift: u32,
}

impl Binning for Hashed {
    fn new(shift: u32) -> Self {
        Self { shift }
    }

    fn bins(self) -> usize {
        1 << self.shift
    }

    #[inline(always)]
    fn bin_of(self, key: u64) -> usize {
        (hash_key(key) >> (32 - self.shift)) as usize
    }
}

/// Bins by the low bits of the key: key = slot * 2^shift + bin, so dense keys fill dense bins.
#[derive(Clone, Copy, Debug)]
pub struct LowBits {
    shift: u32,
}

impl LowBits {
    /// Place of a key in its bin.
    #[inline(always)]
    pub fn slot_of(self, key: u64) -> usize {
        (key >> self.shift) as usize
    }
}

impl Binning for LowBits {
    fn new(shift: u32) -> Self {
        Self { shift }
    }

    fn bins(self) -> usize {
        1 << self.shift
    }

    #[inline(always)]
    fn bin_of(self, key: u64) -> usize {
        key as usize & ((1 << self.shift) - 1)
    }
}

/// Hash of a key, an integer below 2^53; the same as the TypeScript engine's, so that both have the same bins.
#[inline(always)]
pub fn hash_key(key: u64) -> u32 {
    let mut hash = ((key >> 32) as u32).wrapping_mul(0x9e37_79b1);
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    hash ^= (hash >> 13) ^ key as u32 ^ 0x5bd1_e995;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
