//! Random numbers by position instead of by sequence: draw `d` of record `n` is a pure hash of (seed, n, d), the same to the bit as
//! in the TypeScript engine (`workloads/random.ts`).

/// Adds the draw to a seed's hash: 2^32 divided by the golden ratio, odd.
const DRAW_STEP: u32 = 0x9e37_79b1;
/// Adds the upper half of a record's number to a hash.
const UPPER_STEP: u32 = 0x632b_e5ab;

/// Spreads 32 bits: each input bit changes about half of the output bits. A bijection.
#[inline(always)]
pub const fn mix(bits: u32) -> u32 {
    let mut h = (bits ^ (bits >> 16)).wrapping_mul(0x21f0_aaad);
    h = (h ^ (h >> 15)).wrapping_mul(0x735a_2d97);
    h ^ (h >> 15)
}

/// Two words as a fraction: a multiple of 2^-53 from 0 to below 1. Each word repeats nothing in 2^32 records, so they are combined.
#[inline(always)]
pub fn fraction(first: u32, second: u32) -> f64 {
    const TWO_POW_MINUS_53: f64 = 1.0 / 9_007_199_254_740_992.0;
    ((u64::from(first ^ second) << 21) + u64::from(second >> 11)) as f64 * TWO_POW_MINUS_53
}

/// The draws of all records of a seed.
#[derive(Clone, Debug)]
pub struct RandomDraws<const DRAWS: usize> {
    multipliers: [u32; DRAWS],
    seed_salts: [u32; DRAWS],
    salts: [u32; DRAWS],
    upper: u32,
}

impl<const DRAWS: usize> RandomDraws<DRAWS> {
    /// Draws 0 .. `DRAWS` - 1 of `seed`, which is below 2^53; at first of the records below 2^32.
    pub fn new(seed: u64) -> Self {
        let seed_hash = mix(mix((seed as u32).wrapping_add(0x1f83_d9ab)) ^ (seed >> 32) as u32);
        let mut multipliers = [0; DRAWS];
        let mut seed_salts = [0; DRAWS];
        for draw in 0..DRAWS {
            let step = (draw as u32 + 1).wrapping_mul(DRAW_STEP);
            multipliers[draw] = mix(step) | 1;
            seed_salts[draw] = mix(seed_hash.wrapping_add(step));
        }
        Self { multipliers, seed_salts, salts: seed_salts, upper: 0 }
    }

    /// Chooses the records whose upper half is that of `n`; cheap when it is chosen already.
    #[inline(always)]
    pub fn move_to(&mut self, n: u64) {
        let upper = (n >> 32) as u32;
        if upper != self.upper {
            self.choose(upper);
        }
    }

    #[cold]
    fn choose(&mut self, upper: u32) {
        self.upper = upper;
        for (salt, &seed_salt) in self.salts.iter_mut().zip(&self.seed_salts) {
            *salt = if upper == 0 { seed_salt } else { mix(seed_salt.wrapping_add(upper.wrapping_mul(UPPER_STEP))) };
        }
    }

    /// 32 random bits: draw `draw` of record `n`, whose upper half was chosen by `move_to`.
    #[inline(always)]
    pub fn word(&self, n: u64, draw: usize) -> u32 {
        mix((n as u32).wrapping_mul(self.multipliers[draw]).wrapping_add(self.salts[draw]))
    }
}
