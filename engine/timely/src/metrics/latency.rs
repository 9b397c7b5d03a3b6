//! Frontier latency (paper section 5): a record is complete when the output frontier over all workers has passed its intended time; its
//! latency runs from the intended time, which the schedule alone decides.

use super::epochs::{EpochHistograms, WorkerEpochs};
use super::histogram::{MAX_TRACKABLE_NS, bucket_floor};
use super::intended_times::IntendedTimes;
use crate::input::schedule::Schedule;
use crate::time::{CLOSED, FIRST_TICK, Timestamp};

/// The latencies of one worker's records: those with n = worker mod peers.
#[derive(Debug)]
pub struct FrontierLatency {
    schedule: Schedule,
    peers: u64,
    epochs: EpochHistograms,
    times: IntendedTimes,
    next: u64,
    frontier: Timestamp,
}

impl FrontierLatency {
    /// Records into `epochs`.
    pub fn new(schedule: Schedule, worker: u64, peers: u64, epochs: EpochHistograms) -> Self {
        Self {
            schedule,
            peers,
            epochs,
            times: IntendedTimes::new(schedule.rate_per_second, worker, peers),
            next: worker,
            frontier: 0,
        }
    }

    /// Records the latencies of all records that `frontier` has passed since the last call; `now_ns` is the time since the barrier.
    #[inline]
    pub fn update(&mut self, frontier: Timestamp, now_ns: impl FnOnce() -> u64) {
        if frontier == self.frontier {
            return;
        }
        self.frontier = frontier;
        let complete = if frontier == CLOSED {
            self.schedule.total
        } else {
            self.schedule.due_before(frontier.saturating_sub(FIRST_TICK))
        };
        if self.next < complete {
            let count = (complete - self.next).div_ceil(self.peers);
            self.next += count * self.peers;
            self.record(count, now_ns());
        }
    }

    /// What was recorded so far.
    pub fn epochs(&self) -> &EpochHistograms {
        &self.epochs
    }

    /// All that was recorded.
    pub fn finish(self) -> WorkerEpochs {
        self.epochs.finish()
    }

    /// Records the latencies of the next `records` records, complete at `now_ns`: in turn of those that share a bucket and an epoch.
    fn record(&mut self, records: u64, now_ns: u64) {
        let times = &mut self.times;
        let mut left = records;
        while left > 0 {
            let (histogram, end_ns) = self.epochs.at(times.ns);
            let latency_ns = now_ns.saturating_sub(times.ns);
            let floor_ns = bucket_floor(latency_ns.min(MAX_TRACKABLE_NS));
            if latency_ns - floor_ns < times.stride_ns() || left == 1 {
                histogram.record(latency_ns, latency_ns, 1);
                times.advance();
                left -= 1;
                continue;
            }
            let last_ns = (now_ns - floor_ns).min(end_ns - 1);
            let count = times.count_until(last_ns).min(left);
            times.skip(count - 1);
            histogram.record(latency_ns, now_ns.saturating_sub(times.ns), count);
            times.advance();
            left -= count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latencies(rate: u64, now_ns: u64) -> WorkerEpochs {
        let schedule = Schedule::new(rate, 1000, rate);
        let mut latency = FrontierLatency::new(schedule, 0, 1, EpochHistograms::new(250_000_000, None));
        latency.update(CLOSED, || now_ns);
        latency.finish()
    }

    #[test]
    fn counts_every_record_once_however_dense_they_are() {
        for rate in [7, 1000, 333_333, 4_000_000] {
            let recorded = latencies(rate, 1_700_000_000).long.epochs;
            assert_eq!(recorded.iter().map(|epoch| epoch.counts.records).sum::<u64>(), rate);
            assert_eq!(recorded[0].counts.max_ns, 1_700_000_000);
            assert_eq!(recorded.last().unwrap().epoch, 3);
        }
    }
}
