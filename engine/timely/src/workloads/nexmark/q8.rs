//! Query 8, monitor new users: persons wait for auctions until their window has passed, auctions for a person until their own time has
//! passed; a pending entry per bin removes both.

use super::QueryContext;
use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::state::Table;
use crate::megaphone::timers::Timers;
use crate::nexmark::records::{Auction, Person};
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// When an auction opened, person, name, auction.
type Row = [f64; 4];
/// Name, and when the person registered.
type Registered = [u64; 2];
/// An auction that waits for its seller, and when it opened.
type Waiting = [u64; 2];

/// The auctions that were opened within the window after their seller had registered; keyed by the person.
struct Join {
    context: QueryContext,
    window_us: u64,
}

impl Join {
    /// From one removal to the next, in microseconds of event time.
    fn period_us(&self) -> u64 {
        (self.window_us / 4).max(1)
    }

    /// Removes from the key's bin what no event after `time_us` matches, once all events until then were applied.
    fn remove_at(&self, time_us: u64, key: u64, timers: &mut Timers<Hashed>) {
        let time = self.context.event_time.timer_at(time_us);
        timers.notify_at(time, key, time_us);
    }

    /// After the first entry of a bin was added: decides when it is cleaned. Not all bins at one time.
    fn first_added(&self, key: u64, date_time: u64, timers: &mut Timers<Hashed>) {
        let delay_us = self.window_us + key % 64 * self.period_us() / 64;
        self.remove_at(date_time + delay_us, key, timers);
    }

    fn row(&self, person: u64, [name, registered]: Registered, [auction, opened]: Waiting) -> Option<Row> {
        let matches = opened >= registered && opened - registered < self.window_us;
        matches.then(|| [opened, person, name, auction].map(|number| number as f64))
    }
}

impl Kernel for Join {
    type Left = Person;
    type Right = Auction;
    type Bin = (Table<Registered>, Table<Vec<Waiting>>);
    type Binning = Hashed;
    type Output = Row;

    fn left_key(person: &Person) -> u64 {
        person.id
    }

    fn right_key(auction: &Auction) -> u64 {
        auction.seller
    }

    fn left(&mut self, persons: &[Person], _time: Timestamp, context: Context<Self>) {
        for person in persons {
            let (registered, waiting) = context.bins.of(person.id);
            if registered.is_empty() && waiting.is_empty() {
                self.first_added(person.id, person.date_time, context.timers);
            }
            let new = [u64::from(person.name), person.date_time];
            registered.insert(person.id, new);
            let auctions = waiting.remove(&person.id).unwrap_or_default();
            let rows = auctions.into_iter().filter_map(|auction| self.row(person.id, new, auction));
            context.output.extend(rows);
        }
    }

    fn right(&mut self, auctions: &[Auction], _time: Timestamp, context: Context<Self>) {
        for auction in auctions {
            let opened = [auction.id, auction.date_time];
            let (registered, waiting) = context.bins.of(auction.seller);
            if let Some(&person) = registered.get(&auction.seller) {
                context.output.extend(self.row(auction.seller, person, opened));
                continue;
            }
            if registered.is_empty() && waiting.is_empty() {
                self.first_added(auction.seller, auction.date_time, context.timers);
            }
            waiting.entry(auction.seller).or_default().push(opened);
        }
    }

    fn pending(&mut self, _time: Timestamp, key: u64, time_us: u64, context: Context<Self>) {
        let (registered, waiting) = context.bins.of(key);
        registered.retain(|_, [_, since]| *since + self.window_us > time_us);
        waiting.retain(|_, auctions| auctions.iter().any(|[_, opened]| *opened > time_us));
        if !registered.is_empty() || !waiting.is_empty() {
            self.remove_at(time_us + self.period_us(), key, context.timers);
        }
    }
}

/// A removal visits a whole bin: that of all persons of a worker would stop it for milliseconds.
const NATIVE_SHIFT: u32 = 8;

/// Builds the query.
pub fn build<'scope>(
    builder: &mut Builder<'_, 'scope>,
    persons: Stream<'scope, Person>,
    auctions: Stream<'scope, Auction>,
    context: QueryContext,
    window_us: u64,
) {
    let join = Join { context, window_us };
    let joined = builder.binary_in_bins(persons, auctions, NATIVE_SHIFT, join);
    builder.finish(joined);
}
