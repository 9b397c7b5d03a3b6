//! Exponentials and logarithms in software, with the arithmetic of fdlibm, as the engines of JavaScript have them: equal to the bit on
//! every machine, which those of the platform are not. Arguments are positive normal numbers (or above -1 for `log1p`).

pub use libm::{exp, expm1};

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Coefficients of the minimax polynomial of both logarithms.
const LG: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];

fn high_word(x: f64) -> i32 {
    (x.to_bits() >> 32) as i32
}

fn with_high_word(x: f64, high: i32) -> f64 {
    f64::from_bits((u64::from(high as u32) << 32) | (x.to_bits() & 0xffff_ffff))
}

/// The natural logarithm of a positive normal number.
pub fn ln(x: f64) -> f64 {
    let high = high_word(x);
    let mantissa = high & 0x000f_ffff;
    // 2^20 where the mantissa exceeds the root of two: x is halved then.
    let halved = (mantissa + 0x0009_5f64) & 0x0010_0000;
    let k = f64::from((high >> 20) - 1023 + (halved >> 20));
    let f = with_high_word(x, mantissa | (halved ^ 0x3ff0_0000)) - 1.0;
    if (2 + mantissa) & 0x000f_ffff < 3 {
        if f == 0.0 {
            return k * LN2_HIGH + k * LN2_LOW;
        }
        let r = f * f * (0.5 - 0.333_333_333_333_333_3 * f);
        return if k == 0.0 { f - r } else { k * LN2_HIGH - ((r - k * LN2_LOW) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let odd = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let r = odd + even;
    if (mantissa - 0x0006_147a) | (0x0006_b851 - mantissa) > 0 {
        let half_square = 0.5 * f * f;
        if k == 0.0 {
            f - (half_square - s * (half_square + r))
        } else {
            k * LN2_HIGH - ((half_square - (s * (half_square + r) + k * LN2_LOW)) - f)
        }
    } else if k == 0.0 {
        f - s * (f - r)
    } else {
        k * LN2_HIGH - ((s * (f - r) - k * LN2_LOW) - f)
    }
}

/// The natural logarithm of 1 + x, for x of -1 and above; minus infinity at -1.
pub fn log1p(x: f64) -> f64 {
    let high = high_word(x);
    let magnitude = high & 0x7fff_ffff;
    if x == -1.0 {
        return f64::NEG_INFINITY;
    }
    if magnitude < 0x3e20_0000 {
        return if magnitude < 0x3c90_0000 { x } else { x - x * x * 0.5 };
    }
    // From -0.2929 to 0.41422 the argument is used as it is.
    let small = high < 0x3fda_827a && (high > 0 || high <= 0xbfd2_bec4_u32 as i32);
    let (f, k, correction, is_tiny) = if small { (x, 0.0, 0.0, false) } else { reduced(x, high) };
    let half_square = 0.5 * f * f;
    if is_tiny {
        if f == 0.0 {
            return k * LN2_HIGH + (correction + k * LN2_LOW);
        }
        let r = half_square * (1.0 - 0.666_666_666_666_666_6 * f);
        return if k == 0.0 { f - r } else { k * LN2_HIGH - ((r - (k * LN2_LOW + correction)) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * (LG[0] + z * (LG[1] + z * (LG[2] + z * (LG[3] + z * (LG[4] + z * (LG[5] + z * LG[6]))))));
    if k == 0.0 {
        f - (half_square - s * (half_square + r))
    } else {
        k * LN2_HIGH - ((half_square - (s * (half_square + r) + (k * LN2_LOW + correction))) - f)
    }
}

/// 1 + x as 2^k * (1 + f), with what its rounding has lost, and whether f is next to nothing.
fn reduced(x: f64, high: i32) -> (f64, f64, f64, bool) {
    let exact = high >= 0x4340_0000;
    let u = if exact { x } else { 1.0 + x };
    let mut k = (high_word(u) >> 20) - 1023;
    let correction = match (exact, k > 0) {
        (true, _) => 0.0,
        (false, true) => (1.0 - (u - x)) / u,
        (false, false) => (x - (u - 1.0)) / u,
    };
    let mantissa = high_word(u) & 0x000f_ffff;
    if mantissa < 0x0006_a09e {
        let f = with_high_word(u, mantissa | 0x3ff0_0000) - 1.0;
        (f, f64::from(k), correction, mantissa == 0)
    } else {
        k += 1;
        let f = with_high_word(u, mantissa | 0x3fe0_0000) - 1.0;
        (f, f64::from(k), correction, (0x0010_0000 - mantissa) >> 2 == 0)
    }
}
