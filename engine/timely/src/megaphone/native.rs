//! The variant without migration: an ordinary exchange, records applied on arrival, state that belongs to its worker. It runs the kernels
//! of the migratable variant, so that the two differ by the mechanism alone.

use timely::communication::Pull;
use timely::container::CapacityContainerBuilder;
use timely::dataflow::channels::Message;
use timely::dataflow::operators::generic::builder_rc::OperatorBuilder;
use timely::dataflow::operators::generic::{InputHandleCore, OutputBuilder};
use timely::dataflow::operators::{Capability, InputCapability};
use timely::dataflow::{Scope, StreamVec};

use super::binning::{Binning, hash_key};
use super::bins::Bins;
use super::kernel::{Context, Kernel};
use super::migratable::frontier_of;
use super::partition::{cut, partition_by};
use super::timers::Timers;
use crate::time::{CLOSED, Timestamp};

/// The worker of a key, by its hash.
#[inline(always)]
pub fn by_hash(key: u64, peers: usize) -> usize {
    // The lower bits: the upper ones choose the bin on the worker.
    hash_key(key) as usize % peers
}

/// Bins and entries of one worker.
struct Owned<K: Kernel> {
    kernel: K,
    bins: Bins<K::Bin, K::Binning>,
    timers: Timers<K::Binning>,
    /// A capability for the earliest entry.
    held: Option<Capability<Timestamp>>,
    results: Vec<K::Output>,
}

type Output<D> = OutputBuilder<Timestamp, CapacityContainerBuilder<Vec<D>>>;

impl<K: Kernel> Owned<K> {
    fn receive<D, P: Pull<Message<Timestamp, Vec<D>>>>(
        &mut self,
        input: &mut InputHandleCore<Timestamp, Vec<D>, P>,
        output: &mut Output<K::Output>,
        apply: impl Fn(&mut K, &[D], Timestamp, Context<K>),
    ) {
        let mut output = output.activate();
        input.for_each(|capability, records| {
            let context = Context { bins: &mut self.bins, timers: &mut self.timers, output: &mut self.results };
            apply(&mut self.kernel, records, *capability.time(), context);
            self.hold(&capability);
            if !self.results.is_empty() {
                output.session(&capability).give_container(&mut self.results);
                self.results.clear();
            }
        });
    }

    /// Handles the entries before `frontier`.
    fn fire(&mut self, frontier: Timestamp, output: &mut Output<K::Output>) {
        if self.timers.next_time() >= frontier {
            return;
        }
        let Some(mut held) = self.held.take() else { return };
        let mut output = output.activate();
        loop {
            let next = self.timers.next_time();
            if next == CLOSED {
                return;
            }
            held.downgrade(&next);
            if next >= frontier {
                self.held = Some(held);
                return;
            }
            while let Some((time, key, value)) = self.timers.pop_before(next + 1) {
                let context = Context { bins: &mut self.bins, timers: &mut self.timers, output: &mut self.results };
                self.kernel.pending(time, key, value, context);
            }
            if !self.results.is_empty() {
                output.session(&held).give_container(&mut self.results);
                self.results.clear();
            }
        }
    }

    fn hold(&mut self, capability: &InputCapability<Timestamp>) {
        let next = self.timers.next_time();
        if next < CLOSED && self.held.as_ref().is_none_or(|held| *held.time() > next) {
            self.held = Some(capability.delayed(&next, 0));
        }
    }
}

/// Builds an operator with two inputs, with all of 2^`bin_shift` bins on every worker; `worker_of` routes by (key, workers).
pub fn native<'scope, K: Kernel>(
    scope: Scope<'scope, Timestamp>,
    left: StreamVec<'scope, Timestamp, K::Left>,
    right: StreamVec<'scope, Timestamp, K::Right>,
    bin_shift: u32,
    worker_of: impl Fn(u64, usize) -> usize + Copy + 'static,
    kernel: K,
) -> StreamVec<'scope, Timestamp, K::Output> {
    let binning = K::Binning::new(bin_shift);
    let mut bins = Bins::new(binning);
    for bin in 0..binning.bins() {
        bins.install(bin, kernel.empty());
    }
    let peers = scope.peers();
    let left_pact = partition_by(move |records: &[K::Left], parts: &mut [Vec<K::Left>]| {
        cut(records, parts, |record| worker_of(K::left_key(record), peers));
    });
    let right_pact = partition_by(move |records: &[K::Right], parts: &mut [Vec<K::Right>]| {
        cut(records, parts, |record| worker_of(K::right_key(record), peers));
    });
    let mut builder = OperatorBuilder::new("native".to_owned(), scope);
    let mut left_in = builder.new_input(left, left_pact);
    let mut right_in = builder.new_input(right, right_pact);
    let (output, results) = builder.new_output();
    let mut output = OutputBuilder::from(output);
    let mut owned = Owned { kernel, bins, timers: Timers::new(binning), held: None, results: Vec::new() };
    builder.build(move |capabilities| {
        drop(capabilities);
        move |frontiers| {
            owned.receive(&mut left_in, &mut output, K::left);
            owned.receive(&mut right_in, &mut output, K::right);
            let frontier = frontier_of(&frontiers[0]).min(frontier_of(&frontiers[1]));
            owned.fire(frontier, &mut output);
        }
    });
    results
}
