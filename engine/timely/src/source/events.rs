//! The source of the NEXMark queries: event n of the schedule goes to the stream of its kind. Every event is made, whether the query reads
//! its stream or not.

use super::{Input, Source};
use crate::input::schedule::Schedule;
use crate::nexmark::generator::{Events, Generator};
use crate::nexmark::records::{Auction, Bid, Person};
use crate::time::{CLOSED, FIRST_TICK, Timestamp};

/// Most events that one step makes; they share a timestamp.
const EVENTS_PER_STEP: u64 = 4096;
/// From this worker's last event to the end of its input: what is due after the last event is due at the end, and the last events do not
/// wait for it.
const CLOSING_NS: u64 = 20_000_000;

/// The streams that a query reads.
#[derive(Default)]
pub struct Inputs {
    /// Persons who register.
    pub persons: Option<Input<Person>>,
    /// Auctions that open.
    pub auctions: Option<Input<Auction>>,
    /// Bids.
    pub bids: Option<Input<Bid>>,
}

#[derive(Default)]
struct Batches {
    persons: Vec<Person>,
    auctions: Vec<Auction>,
    bids: Vec<Bid>,
}

impl Events for Batches {
    fn person(&mut self, person: Person) {
        self.persons.push(person);
    }

    fn auction(&mut self, auction: Auction) {
        self.auctions.push(auction);
    }

    #[inline(always)]
    fn bid(&mut self, bid: Bid) {
        self.bids.push(bid);
    }
}

/// One worker's part of the events.
pub struct EventSource {
    inputs: Inputs,
    schedule: Schedule,
    generator: Generator,
    batches: Batches,
    peers: u64,
    /// The tick after the last event's.
    end: u64,
    closing_ticks: u64,
    /// When this worker's last event was sent.
    done_at: Option<Timestamp>,
    next: u64,
    sent: u64,
}

impl EventSource {
    /// The part of worker `worker` of `peers`.
    pub fn new(inputs: Inputs, schedule: Schedule, generator: Generator, worker: usize, peers: usize) -> Self {
        let end = match schedule.total {
            0 => 0,
            total => schedule.intended_tick(total - 1) + 1,
        };
        Self {
            inputs,
            schedule,
            generator,
            batches: Batches::default(),
            peers: peers as u64,
            end,
            closing_ticks: CLOSING_NS.div_ceil(schedule.tick_ns),
            done_at: None,
            next: worker as u64,
            sent: 0,
        }
    }

    /// Sends this worker's events before `end`, all at the time of the first, at which the inputs are.
    fn send(&mut self, end: u64) {
        self.generator.fill(self.next, self.peers, end, &mut self.batches);
        let count = (end - self.next).div_ceil(self.peers);
        self.next += count * self.peers;
        self.sent += count;
        send(&mut self.inputs.persons, &mut self.batches.persons);
        send(&mut self.inputs.auctions, &mut self.batches.auctions);
        send(&mut self.inputs.bids, &mut self.batches.bids);
    }

    fn bound(&mut self, now: Timestamp) -> Timestamp {
        if self.next < self.schedule.total {
            return FIRST_TICK + self.schedule.intended_tick(self.next);
        }
        let done_at = *self.done_at.get_or_insert(now);
        if now < done_at + self.closing_ticks { FIRST_TICK + self.end } else { CLOSED }
    }
}

fn send<D: Clone + 'static>(input: &mut Option<Input<D>>, batch: &mut Vec<D>) {
    if let Some(input) = input {
        input.send_batch(batch);
    }
    batch.clear();
}

fn advance<D: Clone + 'static>(input: &mut Option<Input<D>>, bound: Timestamp) {
    match input {
        Some(open) if bound < CLOSED => open.advance_to(bound),
        closed => *closed = None,
    }
}

impl Source for EventSource {
    fn step(&mut self, now: Timestamp, paused: bool) -> Timestamp {
        if !paused && now > FIRST_TICK {
            // Ticks that are over: an event never leaves before its intended time, which lies anywhere within its tick.
            let due = self.schedule.due_before(now - FIRST_TICK);
            if self.next < due {
                self.send(due.min(self.next + EVENTS_PER_STEP * self.peers));
            }
        }
        let bound = self.bound(now);
        advance(&mut self.inputs.persons, bound);
        advance(&mut self.inputs.auctions, bound);
        advance(&mut self.inputs.bids, bound);
        bound
    }

    fn sent(&self) -> u64 {
        self.sent
    }

    fn loaded(&self) -> bool {
        true
    }
}
