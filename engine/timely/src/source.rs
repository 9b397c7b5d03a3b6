//! Open-loop sources: record n is due at a time that the schedule alone decides, however late the system is.
//!
//! Worker w of W makes the records n = w mod W. A batch carries the intended time of its earliest record, and the frontier is then raised
//! to the intended time of the next record that was not sent. So a record's timestamp never exceeds its intended time, and the frontier
//! does not wait for a clock tick.

pub mod events;
pub mod window;
pub mod words;

use timely::container::CapacityContainerBuilder;
use timely::dataflow::operators::core::input::Handle;

use crate::time::Timestamp;

/// An input of a dataflow.
pub type Input<D> = Handle<Timestamp, CapacityContainerBuilder<Vec<D>>>;

/// One worker's part of an input.
pub trait Source {
    /// Sends what is due at `now` and returns the lower bound of the times that it will send later: `CLOSED` after the last. `paused` says
    /// that too much is in flight: nothing is sent then.
    fn step(&mut self, now: Timestamp, paused: bool) -> Timestamp;

    /// Records of the schedule that were sent.
    fn sent(&self) -> u64;

    /// Whether everything that is loaded before the clock starts was sent.
    fn loaded(&self) -> bool;
}
