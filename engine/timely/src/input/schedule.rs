//! The open-loop schedule: record n has the intended time n / rate, whatever the system does. Exact at every rate that the run
//! specification admits: with ticks per second over rate in lowest terms, `num / den`, all products stay below 2^53.

/// Nanoseconds of a second.
const NS_PER_S: u64 = 1_000_000_000;

/// When each record of a run is due.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Records of the whole run.
    pub total: u64,
    /// Records per second of the whole run.
    pub rate_per_second: u64,
    /// Nanoseconds per tick.
    pub tick_ns: u64,
    num: u64,
    den: u64,
}

impl Schedule {
    /// The schedule of `total` records.
    pub fn new(rate_per_second: u64, tick_ns: u64, total: u64) -> Self {
        let per_tick = tick_ns * rate_per_second;
        let divisor = greatest_common_divisor(NS_PER_S, per_tick);
        Self { total, rate_per_second, tick_ns, num: NS_PER_S / divisor, den: per_tick / divisor }
    }

    /// Tick of the intended time of record `n`, rounded down.
    pub fn intended_tick(&self, n: u64) -> u64 {
        let whole = n / self.den;
        whole * self.num + (n - whole * self.den) * self.num / self.den
    }

    /// How many records have an intended tick below `end`, 0 to `total`.
    pub fn due_before(&self, end: u64) -> u64 {
        let whole = end / self.num;
        let due = whole * self.den + ((end - whole * self.num) * self.den).div_ceil(self.num);
        due.min(self.total)
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
