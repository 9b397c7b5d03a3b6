//! Zipf's law: rank k of 1 .. domain with a probability proportional to 1 / k^exponent, by rejection-inversion (Hörmann and
//! Derflinger 1996), and where the keys of the ranks lie. Equal to the bit to the TypeScript engine, whose powers and logarithms are
//! those of fdlibm, as are those of the crate `libm` and of [`super::logarithm`].

use super::logarithm::{exp, expm1, ln, log1p};
use super::random::mix;

/// Beyond it nothing is rejected: area and weight of a rank differ by less than 2^-52 of it.
const LARGEST_TESTED_RANK: f64 = 67_108_864.0;

/// Draws ranks from random fractions.
#[derive(Clone, Debug)]
pub struct ZipfRanks {
    domain: f64,
    exponent: f64,
    /// 1 - exponent; 0 where the integral is a logarithm.
    power: f64,
    first: f64,
    last: f64,
    safe: f64,
}

impl ZipfRanks {
    /// Ranks 1 .. domain; the exponent is above 0 and at most 4.
    pub fn new(domain: u64, exponent: f64) -> Self {
        let mut ranks =
            Self { domain: domain as f64, exponent, power: 1.0 - exponent, first: 0.0, last: 0.0, safe: 0.0 };
        ranks.first = ranks.integral(1.5) - 1.0;
        ranks.last = ranks.integral(ranks.domain + 0.5);
        ranks.safe = 2.0 - ranks.inverse(ranks.integral(2.5) - ranks.weight(2.0));
        ranks
    }

    /// The rank that a fraction of 0 <= fraction < 1 leads to, or none when it is rejected and another has to be drawn.
    pub fn rank(&self, fraction: f64) -> Option<u64> {
        let area = self.last + fraction * (self.first - self.last);
        let point = self.inverse(area);
        let rank = round_half_up(point).max(1.0).min(self.domain);
        let accepted = rank > LARGEST_TESTED_RANK
            || rank - point <= self.safe
            || area >= self.integral(rank + 0.5) - self.weight(rank);
        accepted.then_some(rank as u64)
    }

    fn weight(&self, x: f64) -> f64 {
        exp(-self.exponent * ln(x))
    }

    /// The integral of the weight from 1 to x.
    fn integral(&self, x: f64) -> f64 {
        let log = ln(x);
        if self.power == 0.0 { log } else { expm1(self.power * log) / self.power }
    }

    fn inverse(&self, integral: f64) -> f64 {
        if self.power == 0.0 {
            return exp(integral);
        }
        exp(log1p((integral * self.power).max(-1.0)) / self.power)
    }
}

/// To the nearest integer, halves upwards; exact for all doubles.
fn round_half_up(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }
}

/// Salts of the rounds; the digits of pi after the point, 32 bits each.
const ROUND_SALTS: [u32; 4] = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];

/// A fixed permutation of 0 .. domain - 1 without a pattern: a Feistel network with cycle walking.
#[derive(Clone, Debug)]
pub struct KeyScatter {
    domain: u64,
    lower_bits: u32,
    lower_mask: u32,
    upper_mask: u32,
}

impl KeyScatter {
    /// The permutation of a domain, which is an integer from 1 to 2^53 - 1.
    pub fn new(domain: u64) -> Self {
        let mut bits = 2;
        while (1u64 << bits) < domain {
            bits += 1;
        }
        let lower_bits = bits / 2 + bits % 2;
        Self {
            domain,
            lower_bits,
            lower_mask: ((1u64 << lower_bits) - 1) as u32,
            upper_mask: ((1u64 << (bits - lower_bits)) - 1) as u32,
        }
    }

    /// The key at `index`, which is below the domain.
    pub fn key_at(&self, index: u64) -> u64 {
        let mut key = index;
        loop {
            let mut upper = (key >> self.lower_bits) as u32;
            let mut lower = key as u32 & self.lower_mask;
            upper ^= mix(lower.wrapping_add(ROUND_SALTS[0])) & self.upper_mask;
            lower ^= mix(upper.wrapping_add(ROUND_SALTS[1])) & self.lower_mask;
            upper ^= mix(lower.wrapping_add(ROUND_SALTS[2])) & self.upper_mask;
            lower ^= mix(upper.wrapping_add(ROUND_SALTS[3])) & self.lower_mask;
            key = (u64::from(upper) << self.lower_bits) + u64::from(lower);
            if key < self.domain {
                return key;
            }
        }
    }
}
