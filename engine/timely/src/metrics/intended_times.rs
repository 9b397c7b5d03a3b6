//! The intended times of one worker's records, in their order: record n at floor(n / rate), to the nanosecond.

/// Nanoseconds of a second.
const NS_PER_S: u64 = 1_000_000_000;

/// A place among the records n = worker mod peers.
#[derive(Clone, Copy, Debug)]
pub struct IntendedTimes {
    /// Intended time of the current record in nanoseconds since the start barrier.
    pub ns: u64,
    /// How far after `ns` the current record lies, in units of 1/rate ns; below the rate.
    rest: u64,
    rate: u64,
    stride_ns: u64,
    stride_rest: u64,
    stride_units: u64,
}

impl IntendedTimes {
    /// The first record of a worker: number `worker`. The rate is that of all workers.
    pub fn new(rate_per_second: u64, worker: u64, peers: u64) -> Self {
        let stride_units = peers * NS_PER_S;
        Self {
            ns: worker * NS_PER_S / rate_per_second,
            rest: worker * NS_PER_S % rate_per_second,
            rate: rate_per_second,
            stride_ns: stride_units / rate_per_second,
            stride_rest: stride_units % rate_per_second,
            stride_units,
        }
    }

    /// Nanoseconds from one record to the next, rounded down.
    pub fn stride_ns(&self) -> u64 {
        self.stride_ns
    }

    /// Goes to the next record.
    #[inline(always)]
    pub fn advance(&mut self) {
        self.ns += self.stride_ns;
        self.rest += self.stride_rest;
        if self.rest >= self.rate {
            self.rest -= self.rate;
            self.ns += 1;
        }
    }

    /// How many records, from the current one on, are intended at or before `last_ns`, which is not before the current one.
    pub fn count_until(&self, last_ns: u64) -> u64 {
        let units = u128::from(last_ns + 1 - self.ns) * u128::from(self.rate) - u128::from(self.rest);
        match u64::try_from(units) {
            Ok(units) => units.div_ceil(self.stride_units),
            Err(_) => u64::try_from(units.div_ceil(u128::from(self.stride_units))).unwrap_or(u64::MAX),
        }
    }

    /// Goes `count` records on.
    pub fn skip(&mut self, count: u64) {
        let units = u128::from(self.rest) + u128::from(count) * u128::from(self.stride_units);
        let rate = u128::from(self.rate);
        self.ns += (units / rate) as u64;
        self.rest = (units % rate) as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipping_equals_advancing() {
        let mut one_by_one = IntendedTimes::new(3_000_001, 1, 3);
        let mut at_once = one_by_one;
        for _ in 0..1000 {
            one_by_one.advance();
        }
        at_once.skip(1000);
        assert_eq!((one_by_one.ns, one_by_one.rest), (at_once.ns, at_once.rest));
        assert_eq!(at_once.count_until(at_once.ns), 1);
    }
}
