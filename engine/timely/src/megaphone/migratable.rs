//! Puts router and host together: a migratable operator.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use timely::dataflow::channels::pact::{Exchange, Pipeline};
use timely::dataflow::operators::Probe;
use timely::dataflow::operators::generic::OutputBuilder;
use timely::dataflow::operators::generic::builder_rc::OperatorBuilder;
use timely::dataflow::{ProbeHandle, Scope, StreamVec};
use timely::progress::frontier::{Antichain, MutableAntichain};

use super::binning::Binning;
use super::bins::Bins;
use super::control::Update;
use super::host::{Host, Hosted};
use super::kernel::Kernel;
use super::partition::{cut, partition_by};
use super::pieces::Piece;
use super::router::{Migrations, Port};
use super::routing_table::RoutingTable;
use super::timers::Timers;
use crate::results::Departure;
use crate::shared::Shared;
use crate::time::{CLOSED, Timestamp};

/// The control stream, with the configuration at the start. Operators that share it migrate together.
#[derive(Clone)]
pub struct Control<'scope> {
    /// The updates.
    pub stream: StreamVec<'scope, Timestamp, Update>,
    /// There are 2^bin_shift bins.
    pub bin_shift: u32,
    /// Owner of every bin.
    pub initial: Vec<u32>,
    /// Where bytes on their way are counted.
    pub shared: Arc<Shared>,
}

/// What the harness sees of a migratable operator.
pub struct Migratable {
    /// What left this worker since the clock has started.
    pub departures: Rc<RefCell<Vec<Departure>>>,
    /// Bytes of the bins that are hosted.
    pub state_bytes: Box<dyn FnMut() -> u64>,
}

/// The number of a frontier: all times are totally ordered.
#[inline]
pub fn frontier_of(frontier: &MutableAntichain<Timestamp>) -> Timestamp {
    frontier.frontier().first().copied().unwrap_or(CLOSED)
}

/// How far the output that a probe observes has got.
#[inline]
pub fn observed_by(probe: &ProbeHandle<Timestamp>) -> Timestamp {
    probe.with_frontier(|frontier| frontier.first().copied().unwrap_or(CLOSED))
}

/// Builds an operator with two inputs whose bins can move.
pub fn migratable<'scope, K: Kernel>(
    scope: Scope<'scope, Timestamp>,
    left: StreamVec<'scope, Timestamp, K::Left>,
    right: StreamVec<'scope, Timestamp, K::Right>,
    control: &Control<'scope>,
    kernel: K,
) -> (StreamVec<'scope, Timestamp, K::Output>, Migratable) {
    let worker = scope.worker().index();
    let binning = K::Binning::new(control.bin_shift);
    let mut hosted = Hosted::<K> { bins: Bins::new(binning), timers: Timers::new(binning) };
    for (bin, _) in control.initial.iter().enumerate().filter(|(_, owner)| **owner as usize == worker) {
        hosted.bins.install(bin, kernel.empty());
    }
    let hosted = Rc::new(RefCell::new(hosted));
    let table = Rc::new(RefCell::new(RoutingTable::new(control.initial.clone())));
    let departures = Rc::new(RefCell::new(Vec::new()));
    let host_probe = ProbeHandle::new();

    let mut builder = OperatorBuilder::new("F".to_owned(), scope);
    let none: [(usize, Antichain<Timestamp>); 0] = [];
    let mut left_in = builder.new_input_connection(left, Pipeline, none.clone());
    let mut right_in = builder.new_input_connection(right, Pipeline, none.clone());
    let by_receiver = Exchange::new(|update: &Update| u64::from(update.0));
    let mut control_in = builder.new_input_connection(control.stream.clone(), by_receiver, none);
    // Records leave at their own times, state at those of the updates.
    let (left_out, left_routed) = builder.new_output_connection([(0, Antichain::from_elem(0))]);
    let (right_out, right_routed) = builder.new_output_connection([(1, Antichain::from_elem(0))]);
    let (state_out, state) = builder.new_output_connection([(2, Antichain::from_elem(0))]);
    let mut left_out = OutputBuilder::from(left_out);
    let mut right_out = OutputBuilder::from(right_out);
    let mut state_out = OutputBuilder::from(state_out);
    let activator = scope.activator_for(builder.operator_info().address);
    let mut left_port = Port::new(0);
    let mut right_port = Port::new(1);
    let mut migrations = Migrations::new(worker, Rc::clone(&hosted), control.initial.clone(), Rc::clone(&departures));
    let routing = Rc::clone(&table);
    let probe = host_probe.clone();
    let shared = Arc::clone(&control.shared);
    builder.build(move |capabilities| {
        drop(capabilities);
        move |frontiers| {
            migrations.receive(&mut control_in, &routing);
            let bound = frontier_of(&frontiers[2]);
            left_port.route(&mut left_in, &mut left_out, &routing, bound);
            right_port.route(&mut right_in, &mut right_out, &routing, bound);
            if migrations.is_pending() {
                migrations.migrate(bound, observed_by(&probe), &mut state_out, |piece| {
                    shared.departed(piece);
                });
                if migrations.is_pending() {
                    // The probe wakes nobody.
                    activator.activate();
                }
            }
            let left = left_port.frontier(frontier_of(&frontiers[0]));
            let right = right_port.frontier(frontier_of(&frontiers[1]));
            // At `bound` itself more updates may come.
            routing.borrow_mut().retire(left.min(right).min(bound.saturating_sub(1)));
        }
    });

    let left_table = Rc::clone(&table);
    let left_pact = partition_by(move |records: &[K::Left], parts: &mut [Vec<K::Left>]| {
        let table = left_table.borrow();
        let owners = table.owners();
        cut(records, parts, |record| owners[binning.bin_of(K::left_key(record))] as usize);
    });
    let right_pact = partition_by(move |records: &[K::Right], parts: &mut [Vec<K::Right>]| {
        let table = table.borrow();
        let owners = table.owners();
        cut(records, parts, |record| owners[binning.bin_of(K::right_key(record))] as usize);
    });
    let mut builder = OperatorBuilder::new("S".to_owned(), scope);
    let mut left_in = builder.new_input(left_routed, left_pact);
    let mut right_in = builder.new_input(right_routed, right_pact);
    let mut state_in = builder.new_input(state, Exchange::new(|piece: &Piece| u64::from(piece.to)));
    let (output, results) = builder.new_output();
    let mut output = OutputBuilder::from(output);
    let mut host = Host::new(Rc::clone(&hosted), kernel);
    let shared = Arc::clone(&control.shared);
    builder.build(move |capabilities| {
        drop(capabilities);
        move |frontiers| {
            host.receive_state(&mut state_in, |piece| shared.arrived(piece));
            host.receive_left(&mut left_in);
            host.receive_right(&mut right_in);
            let frontier = frontiers.iter().map(frontier_of).min().unwrap_or(CLOSED);
            host.apply(frontier, &mut output);
        }
    });
    let seen = Migratable { departures, state_bytes: Box::new(move || hosted.borrow_mut().bins.bytes()) };
    (results.probe_with(&host_probe), seen)
}
