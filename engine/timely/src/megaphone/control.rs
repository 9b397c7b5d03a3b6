//! The control stream: timestamped updates (time, bin, worker) of the configuration, as data (paper section 3.3).
//!
//! Worker 0 sends the updates, every worker's routers receive all of them. A router cannot route a record before the control frontier has
//! passed the record's time; the source therefore keeps its frontier a lookahead beyond the present, and updates carry times at or after
//! that frontier: records never wait for a control stream that has nothing to say.

use timely::container::CapacityContainerBuilder;
use timely::dataflow::operators::core::input::Handle;

use crate::controller::Controller;
use crate::results::StepRecord;
use crate::time::{CLOSED, FIRST_REHEARSAL, FIRST_TICK, MAX_TIMESTAMP, Timestamp};

/// An update for one worker: (receiver, bin, owner).
pub type Update = (u32, u32, u32);

/// The input that carries updates.
pub type ControlHandle = Handle<Timestamp, CapacityContainerBuilder<Vec<Update>>>;

/// The part of worker 0.
pub struct ControlSource {
    handle: ControlHandle,
    controller: Controller,
    lookahead: u64,
    peers: u32,
    bound: Timestamp,
    batch: Vec<Update>,
}

impl ControlSource {
    /// Drives `handle` by a controller, for so many workers.
    pub fn new(handle: ControlHandle, controller: Controller, lookahead_ticks: u64, peers: usize) -> Self {
        // What is loaded never waits for the control stream.
        let bound = if controller.rehearsing() { FIRST_REHEARSAL } else { FIRST_TICK };
        let mut handle = handle;
        handle.advance_to(bound);
        Self { handle, controller, lookahead: lookahead_ticks, peers: peers as u32, bound, batch: Vec::new() }
    }

    /// Sends what the controller issues at `now`, given how far the output has got. Returns when it has to run again at the latest; none
    /// when it has said everything.
    pub fn step(&mut self, now: Timestamp, absorbed: Timestamp) -> Option<Timestamp> {
        let (bound, peers, batch) = (self.bound, self.peers, &mut self.batch);
        let next = self.controller.step(now, absorbed, bound, |bin, worker| {
            batch.extend((0..peers).map(|receiver| (receiver, bin, worker)));
        });
        if next == CLOSED {
            return None;
        }
        if !self.batch.is_empty() {
            self.handle.send_batch(&mut self.batch);
            self.batch.clear();
            // Updates at the frontier take effect once it has passed them.
            self.bound += 1;
        }
        if now >= FIRST_TICK {
            self.keep_ahead(now);
        } else if !self.controller.rehearsing() {
            self.bound = self.bound.max(FIRST_TICK);
        }
        self.handle.advance_to(self.bound);
        Some(next)
    }

    /// The steps that were issued so far, in order.
    pub fn log(&self) -> &[StepRecord] {
        self.controller.log()
    }

    /// The controller, once the stream is closed or the run has ended.
    pub fn close(self) -> Controller {
        self.handle.close();
        self.controller
    }

    /// Raises the frontier where less than half of the lookahead is left.
    fn keep_ahead(&mut self, now: Timestamp) {
        if self.bound < now + self.lookahead.div_ceil(2) {
            self.bound = self.bound.max((now + self.lookahead).min(MAX_TIMESTAMP));
        }
    }
}
