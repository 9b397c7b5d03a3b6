//! S: hosts the bins of one worker (paper section 3.4). Received state is installed at once; records are applied in the order of time,
//! once both the data and the state frontier have passed their time. Pending entries fire in the same order; at equal times records go
//! first.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;

use timely::communication::Pull;
use timely::container::CapacityContainerBuilder;
use timely::dataflow::channels::Message;
use timely::dataflow::operators::generic::{InputHandleCore, OutputBuilder, OutputBuilderSession};
use timely::dataflow::operators::{Capability, InputCapability};

use super::bins::Bins;
use super::kernel::{Context, Kernel};
use super::pieces::{Piece, WordReader};
use super::timers::Timers;
use crate::time::{CLOSED, Timestamp};

/// Results are sent on when so many have gathered.
const MOST_RESULTS: usize = 4096;

/// The bins of one operator on one worker, which router and host share.
pub struct Hosted<K: Kernel> {
    /// The bins.
    pub bins: Bins<K::Bin, K::Binning>,
    /// Their pending entries.
    pub timers: Timers<K::Binning>,
}

/// A batch that waits for its time.
pub struct Waiting<D> {
    time: Timestamp,
    records: Vec<D>,
}

impl<D> PartialEq for Waiting<D> {
    fn eq(&self, other: &Self) -> bool {
        self.time == other.time
    }
}

impl<D> Eq for Waiting<D> {}

impl<D> PartialOrd for Waiting<D> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The earliest is the greatest, as a heap of the standard library hands out the greatest.
impl<D> Ord for Waiting<D> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.time.cmp(&self.time)
    }
}

/// Batches by time.
pub struct WaitingRoom<D>(BinaryHeap<Waiting<D>>);

impl<D> Default for WaitingRoom<D> {
    fn default() -> Self {
        Self(BinaryHeap::new())
    }
}

impl<D> WaitingRoom<D> {
    fn next_time(&self) -> Timestamp {
        self.0.peek().map_or(CLOSED, |waiting| waiting.time)
    }
}

/// The host of one operator on one worker.
pub struct Host<K: Kernel> {
    hosted: Rc<RefCell<Hosted<K>>>,
    kernel: K,
    left: WaitingRoom<K::Left>,
    right: WaitingRoom<K::Right>,
    /// Pieces of bins of which not all have arrived.
    arrivals: HashMap<u32, Vec<Vec<u64>>>,
    /// A capability for the earliest of what waits and is pending.
    held: Option<Capability<Timestamp>>,
    results: Vec<K::Output>,
}

type Output<'a, D> = OutputBuilderSession<'a, Timestamp, CapacityContainerBuilder<Vec<D>>>;

impl<K: Kernel> Host<K> {
    /// A host of bins that it shares with its router.
    pub fn new(hosted: Rc<RefCell<Hosted<K>>>, kernel: K) -> Self {
        Self {
            hosted,
            kernel,
            left: WaitingRoom::default(),
            right: WaitingRoom::default(),
            arrivals: HashMap::new(),
            held: None,
            results: Vec::new(),
        }
    }

    /// Installs bins that have arrived. `received` is told the pieces.
    pub fn receive_state<P: Pull<Message<Timestamp, Vec<Piece>>>>(
        &mut self,
        input: &mut InputHandleCore<Timestamp, Vec<Piece>, P>,
        mut received: impl FnMut(&Piece),
    ) {
        input.for_each(|capability, pieces| {
            for piece in pieces.drain(..) {
                received(&piece);
                let bin = piece.bin;
                self.arrivals.entry(bin).or_default().push(piece.words);
                if piece.is_last {
                    let pieces = self.arrivals.remove(&bin).unwrap_or_default();
                    self.hosted.borrow_mut().install(bin as usize, pieces);
                }
            }
            let pending = self.hosted.borrow_mut().timers.next_time();
            // What is pending is not before the time of the state; what is earlier is held already.
            if pending < CLOSED && self.holds_after(pending) {
                self.held = Some(capability.delayed(&pending.max(*capability.time()), 0));
            }
        });
    }

    /// Takes batches of the first input.
    pub fn receive_left<P: Pull<Message<Timestamp, Vec<K::Left>>>>(
        &mut self,
        input: &mut InputHandleCore<Timestamp, Vec<K::Left>, P>,
    ) {
        input.for_each(|capability, records| {
            self.hold(&capability);
            self.left.0.push(Waiting { time: *capability.time(), records: std::mem::take(records) });
        });
    }

    /// Takes batches of the second input.
    pub fn receive_right<P: Pull<Message<Timestamp, Vec<K::Right>>>>(
        &mut self,
        input: &mut InputHandleCore<Timestamp, Vec<K::Right>, P>,
    ) {
        input.for_each(|capability, records| {
            self.hold(&capability);
            self.right.0.push(Waiting { time: *capability.time(), records: std::mem::take(records) });
        });
    }

    /// Applies what is before `frontier` in the order of time.
    pub fn apply(
        &mut self,
        frontier: Timestamp,
        output: &mut OutputBuilder<Timestamp, CapacityContainerBuilder<Vec<K::Output>>>,
    ) {
        let hosted = Rc::clone(&self.hosted);
        let hosted = &mut *hosted.borrow_mut();
        let mut output = output.activate();
        loop {
            let (left, right, pending) = (self.left.next_time(), self.right.next_time(), hosted.timers.next_time());
            let time = left.min(right).min(pending);
            if time >= frontier {
                break self.hold_from(time);
            }
            self.hold_from(time);
            let context = Context { bins: &mut hosted.bins, timers: &mut hosted.timers, output: &mut self.results };
            if left == time {
                if let Some(batch) = self.left.0.pop() {
                    self.kernel.left(&batch.records, time, context);
                }
            } else if right == time {
                if let Some(batch) = self.right.0.pop() {
                    self.kernel.right(&batch.records, time, context);
                }
            } else {
                self.fire(time, hosted, &mut output);
            }
            self.send(&mut output);
        }
    }

    /// Handles all pending entries at `time`, also those that are added meanwhile.
    fn fire(&mut self, time: Timestamp, hosted: &mut Hosted<K>, output: &mut Output<'_, K::Output>) {
        while let Some((_, key, value)) = hosted.timers.pop_before(time + 1) {
            let context = Context { bins: &mut hosted.bins, timers: &mut hosted.timers, output: &mut self.results };
            self.kernel.pending(time, key, value, context);
            if self.results.len() >= MOST_RESULTS {
                self.send(output);
            }
        }
    }

    /// Sends the results at the time of the capability that is held.
    fn send(&mut self, output: &mut Output<'_, K::Output>) {
        if let (false, Some(held)) = (self.results.is_empty(), &self.held) {
            output.session(held).give_container(&mut self.results);
            self.results.clear();
        }
    }

    fn holds_after(&self, time: Timestamp) -> bool {
        self.held.as_ref().is_none_or(|held| *held.time() > time)
    }

    fn hold(&mut self, capability: &InputCapability<Timestamp>) {
        if self.holds_after(*capability.time()) {
            self.held = Some(capability.retain(0));
        }
    }

    /// Lets go of the times before `time`.
    fn hold_from(&mut self, time: Timestamp) {
        match &mut self.held {
            Some(held) if time < CLOSED => {
                if *held.time() < time {
                    held.downgrade(&time);
                }
            }
            held => *held = None,
        }
    }
}

impl<K: Kernel> Hosted<K> {
    /// Owns a bin from now on, whose pieces are all there.
    fn install(&mut self, bin: usize, pieces: Vec<Vec<u64>>) {
        let mut words = WordReader::new(pieces);
        self.timers.install(bin, &mut words);
        self.bins.install(bin, super::state::BinState::read(&mut words));
    }
}
