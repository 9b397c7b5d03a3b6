//! F: routes records by the configuration at their time, and starts migrations (paper section 3.4).
//!
//! A record whose time the control frontier has not passed waits: its configuration may still change. For updates at `time`, F waits until
//! `time` is in the host's output frontier over all workers: every record before it was absorbed. Then it takes the bins that leave this
//! worker and sends them, with their pending entries, at `time`. Until then it holds a capability at `time` for its state output.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use timely::communication::Pull;
use timely::container::CapacityContainerBuilder;
use timely::dataflow::channels::Message;
use timely::dataflow::operators::Capability;
use timely::dataflow::operators::generic::{InputHandleCore, OutputBuilder};

use super::control::Update;
use super::host::Hosted;
use super::kernel::{Kernel, Record};
use super::pieces::{Piece, WordWriter};
use super::routing_table::RoutingTable;
use super::state::BinState;
use crate::results::Departure;
use crate::time::{CLOSED, FIRST_TICK, Timestamp};

/// Output port of the state; the data ports are those of the data inputs.
pub const STATE_PORT: usize = 2;

/// One data port of a router: batches that the control frontier has not passed.
pub struct Port<D> {
    waiting: VecDeque<(Capability<Timestamp>, Vec<D>)>,
    port: usize,
}

impl<D: Record> Port<D> {
    /// The port with a number.
    pub fn new(port: usize) -> Self {
        Self { waiting: VecDeque::new(), port }
    }

    /// Sends what is before `bound`, the control frontier, by the configuration at its time.
    pub fn route<P: Pull<Message<Timestamp, Vec<D>>>>(
        &mut self,
        input: &mut InputHandleCore<Timestamp, Vec<D>, P>,
        output: &mut OutputBuilder<Timestamp, CapacityContainerBuilder<Vec<D>>>,
        table: &RefCell<RoutingTable>,
        bound: Timestamp,
    ) {
        let mut output = output.activate();
        while let Some((capability, mut records)) = self.waiting.pop_front() {
            if *capability.time() >= bound {
                self.waiting.push_front((capability, records));
                break;
            }
            table.borrow_mut().move_to(*capability.time());
            output.session(&capability).give_container(&mut records);
        }
        input.for_each(|capability, records| {
            if *capability.time() < bound && self.waiting.is_empty() {
                table.borrow_mut().move_to(*capability.time());
                output.session(&capability).give_container(records);
            } else {
                self.waiting.push_back((capability.retain(self.port), std::mem::take(records)));
            }
        });
    }

    /// A lower bound of the times that wait here and that `frontier` lets in.
    pub fn frontier(&self, frontier: Timestamp) -> Timestamp {
        let waiting = self.waiting.iter().map(|(capability, _)| *capability.time());
        waiting.min().unwrap_or(CLOSED).min(frontier)
    }
}

/// Updates of one time whose bins have not left yet.
struct Migration {
    capability: Capability<Timestamp>,
    moves: Vec<(u32, u32)>,
}

/// The migrations of one operator on one worker.
pub struct Migrations<K: Kernel> {
    worker: u32,
    hosted: Rc<RefCell<Hosted<K>>>,
    /// Ascending by time.
    pending: VecDeque<Migration>,
    /// Owner by bin after all migrations that have been carried out.
    owners: Vec<u32>,
    departures: Rc<RefCell<Vec<Departure>>>,
}

impl<K: Kernel> Migrations<K> {
    /// Nothing has moved yet; what leaves is told in `departures`.
    pub fn new(
        worker: usize,
        hosted: Rc<RefCell<Hosted<K>>>,
        initial: Vec<u32>,
        departures: Rc<RefCell<Vec<Departure>>>,
    ) -> Self {
        Self { worker: worker as u32, hosted, pending: VecDeque::new(), owners: initial, departures }
    }

    /// Whether bins are still to leave.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes updates of the configuration.
    pub fn receive<P: Pull<Message<Timestamp, Vec<Update>>>>(
        &mut self,
        input: &mut InputHandleCore<Timestamp, Vec<Update>, P>,
        table: &RefCell<RoutingTable>,
    ) {
        input.for_each(|capability, updates| {
            let time = *capability.time();
            let mut table = table.borrow_mut();
            updates.iter().for_each(|&(_, bin, worker)| table.update(time, bin, worker));
            let moves = updates.drain(..).map(|(_, bin, worker)| (bin, worker));
            let at = self.pending.partition_point(|migration| *migration.capability.time() < time);
            match self.pending.get_mut(at) {
                Some(same) if *same.capability.time() == time => same.moves.extend(moves),
                _ => {
                    let migration = Migration { capability: capability.retain(STATE_PORT), moves: moves.collect() };
                    self.pending.insert(at, migration);
                }
            }
        });
    }

    /// Carries out the migrations whose time the control frontier `bound` has passed and the host's output has reached: `absorbed`.
    /// `sent` is told the pieces.
    pub fn migrate(
        &mut self,
        bound: Timestamp,
        absorbed: Timestamp,
        output: &mut OutputBuilder<Timestamp, CapacityContainerBuilder<Vec<Piece>>>,
        mut sent: impl FnMut(&Piece),
    ) {
        let mut output = output.activate();
        while let Some(migration) = self.pending.front() {
            let time = *migration.capability.time();
            if time >= bound || absorbed < time {
                break;
            }
            let Some(Migration { capability, moves }) = self.pending.pop_front() else { break };
            let mut departure = Departure { time, bins: 0, bytes: 0 };
            for (bin, to) in moves {
                let from = std::mem::replace(&mut self.owners[bin as usize], to);
                if from != self.worker || to == from {
                    continue;
                }
                let pieces = self.extract(bin as usize);
                departure.bins += 1;
                let last = pieces.len() - 1;
                for (index, words) in pieces.into_iter().enumerate() {
                    departure.bytes += 8 * words.len() as u64;
                    let piece = Piece { from, to, bin, is_last: index == last, words };
                    sent(&piece);
                    output.session(&capability).give_container(&mut vec![piece]);
                }
            }
            if departure.bins > 0 && time >= FIRST_TICK {
                departure.time -= FIRST_TICK;
                self.departures.borrow_mut().push(departure);
            }
        }
    }

    /// Takes a bin out of the host, with its pending entries.
    fn extract(&mut self, bin: usize) -> Vec<Vec<u64>> {
        let hosted = &mut *self.hosted.borrow_mut();
        let mut words = WordWriter::default();
        hosted.timers.extract(bin, &mut words);
        hosted.bins.extract(bin).write(&mut words);
        words.finish()
    }
}
