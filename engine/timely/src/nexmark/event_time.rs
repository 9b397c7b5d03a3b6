//! Event time and logical time: events carry microseconds of event time, which runs faster than the clock that ticks count.

use crate::time::{FIRST_TICK, MAX_TIMESTAMP, Timestamp};

/// Converts event times to timestamps.
#[derive(Clone, Copy, Debug)]
pub struct EventTime {
    ticks_per_microsecond: f64,
    last_timer: Timestamp,
}

impl EventTime {
    /// For events whose time runs `time_dilation` times faster than the schedule. No event has a timestamp after `last_timer`: what
    /// is due later is due when the inputs close, all at once.
    pub fn new(time_dilation: f64, tick_ns: f64, last_timer: Timestamp) -> Self {
        Self { ticks_per_microsecond: 1000.0 / (time_dilation * tick_ns), last_timer }
    }

    /// The timestamp for a timer at event time `time_us`: when it is delivered, every event with a time up to and with `time_us` was
    /// applied.
    #[inline]
    pub fn timer_at(&self, time_us: u64) -> Timestamp {
        let tick = ((time_us + 1) as f64 * self.ticks_per_microsecond) as Timestamp;
        self.last_timer.min(FIRST_TICK + tick)
    }

    /// A lower bound of the event times whose timer has the given timestamp, a function of the timestamp alone.
    #[inline]
    pub fn earliest_at(&self, time: Timestamp) -> i64 {
        // One microsecond less than the bound, since the two quotients are rounded differently.
        ((time - FIRST_TICK) as f64 / self.ticks_per_microsecond).floor() as i64 - 2
    }

    /// When an auction that expires at `time_us` is closed: a multiple of `step` ticks.
    #[inline]
    pub fn closing_time(&self, time_us: u64, step: u64) -> Timestamp {
        MAX_TIMESTAMP.min(self.timer_at(time_us).div_ceil(step) * step)
    }
}
