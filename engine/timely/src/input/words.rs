//! The input of word count: identifiers drawn from a domain, uniformly or after Zipf's law.

use super::random::{RandomDraws, fraction, mix};
use super::zipf::{KeyScatter, ZipfRanks};

/// Up to this domain 32 random bits are uniform enough.
const DOMAIN_OF_32_BITS: u64 = 1 << 24;

/// Leads from the words of a rejected fraction to those of the next one: 2^32 divided by the square of the golden ratio, odd.
const ROUND_STEP: u32 = 0x61c8_8647;

/// The key of record n is a pure function of (seed, n).
#[derive(Clone, Debug)]
pub struct WordGenerator {
    random: RandomDraws<2>,
    domain: u64,
    /// From 32 random bits to a key.
    scale: f64,
    skew: Option<(ZipfRanks, KeyScatter)>,
}

impl WordGenerator {
    /// Draws from 0 .. domain - 1; uniformly when the exponent of Zipf's law is 0.
    pub fn new(seed: u64, domain: u64, exponent: f64) -> Self {
        let skew = (exponent != 0.0).then(|| (ZipfRanks::new(domain, exponent), KeyScatter::new(domain)));
        Self { random: RandomDraws::new(seed), domain, scale: domain as f64 / 4_294_967_296.0, skew }
    }

    /// Key of record `n`.
    #[inline]
    pub fn key_of(&mut self, n: u64) -> u64 {
        self.random.move_to(n);
        match &self.skew {
            Some((ranks, scatter)) => self.skewed(n, ranks, scatter),
            None if self.domain <= DOMAIN_OF_32_BITS => (f64::from(self.random.word(n, 0)) * self.scale) as u64,
            None => {
                let unit = fraction(self.random.word(n, 0), self.random.word(n, 1));
                (unit * self.domain as f64) as u64
            }
        }
    }

    /// Appends the keys of the records `n`, `n + stride` and so on, `count` of them.
    pub fn fill<K: FromKey>(&mut self, keys: &mut Vec<K>, n: u64, stride: u64, count: usize) {
        keys.reserve(count);
        let mut n = n;
        for _ in 0..count {
            keys.push(K::from_key(self.key_of(n)));
            n += stride;
        }
    }

    fn skewed(&self, n: u64, ranks: &ZipfRanks, scatter: &KeyScatter) -> u64 {
        let mut first = self.random.word(n, 0);
        let mut second = self.random.word(n, 1);
        loop {
            if let Some(rank) = ranks.rank(fraction(first, second)) {
                return scatter.key_at(rank - 1);
            }
            first = mix(first.wrapping_add(ROUND_STEP));
            second = mix(second.wrapping_sub(ROUND_STEP));
        }
    }
}

/// A type that identifiers are held in.
pub trait FromKey: Copy {
    /// The identifier, which the type has room for.
    fn from_key(key: u64) -> Self;
}

impl FromKey for u32 {
    #[inline(always)]
    fn from_key(key: u64) -> Self {
        key as u32
    }
}

impl FromKey for u64 {
    #[inline(always)]
    fn from_key(key: u64) -> Self {
        key
    }
}
