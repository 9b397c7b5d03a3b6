//! Prices: round(100 * 10^(6u)) for u uniform in [0, 1), by additions and multiplications alone, equal to the bit to the TypeScript
//! engine's.

const TABLE_SIZE: usize = 256;
/// 10^(6 / 2^8): from one entry to the next where the top bits choose.
const COARSE_STEP: f64 = 1.055_449_600_878_603;
/// 10^(6 / 2^16).
const FINE_STEP: f64 = 1.000_210_830_182_954_4;
/// From the lowest 16 bits to the exponent of e: 6 * ln 10 / 2^32.
const EXPONENT: f64 = 3.216_674_215_617_653_8e-9;
const SIXTH: f64 = 1.0 / 6.0;

static COARSE: [f64; TABLE_SIZE] = powers(100.0, COARSE_STEP);
static FINE: [f64; TABLE_SIZE] = powers(1.0, FINE_STEP);

const fn powers(first: f64, step: f64) -> [f64; TABLE_SIZE] {
    let mut table = [first; TABLE_SIZE];
    let mut i = 1;
    while i < TABLE_SIZE {
        table[i] = table[i - 1] * step;
        i += 1;
    }
    table
}

/// A price in cents, from 100 to 10^8, for 32 random bits.
#[inline(always)]
pub fn price_of(word: u32) -> u32 {
    let e = f64::from(word & 0xffff) * EXPONENT;
    let least = 1.0 + e * (1.0 + e * (0.5 + e * SIXTH));
    (COARSE[(word >> 24) as usize] * FINE[(word >> 16) as usize & 0xff] * least + 0.5) as u32
}
