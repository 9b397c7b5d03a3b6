//! Counts per bucket of HdrHistogram's layout with a unit of 1 ns and 3 significant digits, as `experiments/metrics/bucket-layout.ts`.

use serde::Serialize;

/// The largest value that has a bucket: about 36 minutes.
pub const MAX_TRACKABLE_NS: u64 = (1 << 41) - 1;

/// Number of buckets.
const BUCKETS: usize = 32 * 1024;

/// Index of the bucket that holds `value`, which is at most `MAX_TRACKABLE_NS`.
#[inline(always)]
pub fn bucket_index(value: u64) -> usize {
    let exponent = 53 - (value | 1024).leading_zeros() as usize;
    (exponent << 10) + (value >> exponent) as usize
}

/// The lowest value of the bucket that holds `value`.
#[inline(always)]
pub fn bucket_floor(value: u64) -> u64 {
    let exponent = 53 - (value | 1024).leading_zeros();
    value >> exponent << exponent
}

/// What a histogram held: its non-empty buckets and the exact extremes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SparseCounts {
    /// Indexes of the non-empty buckets, ascending.
    pub indexes: Vec<u32>,
    /// Records per bucket.
    pub counts: Vec<u64>,
    /// Sum of `counts`.
    pub records: u64,
    /// Smallest recorded value.
    pub min_ns: u64,
    /// Largest recorded value, also beyond the last bucket.
    pub max_ns: u64,
    /// Records beyond the last bucket: they count in it.
    pub clamped: u64,
}

/// Counts of values in nanoseconds.
#[derive(Debug)]
pub struct Histogram {
    counts: Vec<u64>,
    min_ns: u64,
    max_ns: u64,
    clamped: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], min_ns: u64::MAX, max_ns: 0, clamped: 0 }
    }
}

impl Histogram {
    /// Counts `count` values of one bucket, the greatest and the smallest of which are given.
    #[inline]
    pub fn record(&mut self, greatest_ns: u64, smallest_ns: u64, count: u64) {
        if greatest_ns > MAX_TRACKABLE_NS {
            self.clamped += count;
        }
        self.max_ns = self.max_ns.max(greatest_ns);
        self.min_ns = self.min_ns.min(smallest_ns.min(MAX_TRACKABLE_NS));
        self.counts[bucket_index(greatest_ns.min(MAX_TRACKABLE_NS))] += count;
    }

    /// Adds what another histogram held.
    pub fn add(&mut self, other: &SparseCounts) {
        for (&index, &count) in other.indexes.iter().zip(&other.counts) {
            self.counts[index as usize] += count;
        }
        self.clamped += other.clamped;
        self.min_ns = self.min_ns.min(other.min_ns);
        self.max_ns = self.max_ns.max(other.max_ns);
    }

    /// Returns what was recorded and empties the histogram; none when nothing was.
    pub fn drain(&mut self) -> Option<SparseCounts> {
        if self.min_ns == u64::MAX {
            return None;
        }
        let first = bucket_index(self.min_ns.min(MAX_TRACKABLE_NS));
        let last = bucket_index(self.max_ns.min(MAX_TRACKABLE_NS));
        let mut drained = SparseCounts {
            indexes: Vec::new(),
            counts: Vec::new(),
            records: 0,
            min_ns: self.min_ns,
            max_ns: self.max_ns,
            clamped: self.clamped,
        };
        for index in first..=last {
            let count = std::mem::take(&mut self.counts[index]);
            if count > 0 {
                drained.indexes.push(index as u32);
                drained.counts.push(count);
                drained.records += count;
            }
        }
        self.min_ns = u64::MAX;
        self.max_ns = 0;
        self.clamped = 0;
        Some(drained)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_have_a_thousandth_of_their_values() {
        assert_eq!(bucket_index(0), 0);
        assert_eq!(bucket_index(2047), 2047);
        assert_eq!(bucket_index(2048), 2048);
        assert_eq!(bucket_index(2049), 2048);
        assert_eq!(bucket_index(2050), 2049);
        assert_eq!(bucket_index(MAX_TRACKABLE_NS), BUCKETS - 1);
        assert_eq!(bucket_floor(2049), 2048);
        assert_eq!(bucket_floor(1_000_001), 999_936);
    }

    #[test]
    fn drains_to_the_buckets_that_are_not_empty() {
        let mut histogram = Histogram::default();
        assert!(histogram.drain().is_none());
        histogram.record(5, 5, 2);
        histogram.record(3000, 3000, 1);
        let drained = histogram.drain().unwrap();
        assert_eq!(drained.indexes, [5, bucket_index(3000) as u32]);
        assert_eq!((drained.records, drained.min_ns, drained.max_ns), (3, 5, 3000));
        assert!(histogram.drain().is_none());
    }
}
