//! Query 5, hot items: bids per auction and slice (of one slide) as state; a pending entry per bin removes what no window needs any more.
//! An auction is reported when it leads a window among those that its worker has reported; the leader of them all is chosen where the
//! window's end is hashed to.

use serde::{Deserialize, Serialize};

use super::QueryContext;
use super::window_leaders::WindowLeaders;
use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::pieces::{WordReader, WordWriter};
use crate::megaphone::state::{Table, Value};
use crate::nexmark::records::Bid;
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// End of a window, auction, bids.
type Row = [f64; 3];

/// An auction that leads a window so far.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Leading {
    /// End of the window in microseconds of event time.
    end_us: u64,
    auction: u64,
    bids: u64,
}

/// Bids of one auction.
#[derive(Default)]
struct Slices {
    /// The newest slice.
    newest: u64,
    /// Bids of the newest slice.
    bids: u64,
    /// Bids of the earlier slices.
    earlier_bids: u64,
    /// Earlier slices and their bids.
    earlier: Vec<[u64; 2]>,
}

impl Value for Slices {
    fn write(&self, words: &mut WordWriter) {
        words.put_all(&[self.newest, self.bids, self.earlier_bids]);
        self.earlier.write(words);
    }

    fn read(words: &mut WordReader) -> Self {
        Self { newest: words.take(), bids: words.take(), earlier_bids: words.take(), earlier: Value::read(words) }
    }
}

impl Slices {
    fn count(&mut self, slice: u64) {
        if slice > self.newest {
            if self.bids > 0 {
                self.add_earlier(self.newest, self.bids);
            }
            self.newest = slice;
            self.bids = 0;
        }
        if slice < self.newest {
            self.add_earlier(slice, 1);
        } else {
            self.bids += 1;
        }
    }

    fn add_earlier(&mut self, slice: u64, added: u64) {
        self.earlier_bids += added;
        match self.earlier.iter_mut().find(|[known, _]| *known == slice) {
            Some([_, bids]) => *bids += added,
            None => self.earlier.push([slice, added]),
        }
    }

    /// Forgets the earlier slices up to and with `slice`.
    fn keep_after(&mut self, slice: u64) {
        self.earlier.retain(|[known, _]| *known > slice);
        self.earlier_bids = self.earlier.iter().map(|[_, bids]| bids).sum();
    }

    /// Bids of the window of `slices` slices that ends at `end`.
    fn bids_until(&self, end: u64, slices: u64) -> u64 {
        let newest = if self.newest < end { self.bids } else { 0 };
        let earlier = self.earlier.iter();
        let inside = earlier.filter(|[slice, _]| slice + slices >= end && *slice < end);
        newest + inside.map(|[_, bids]| bids).sum::<u64>()
    }
}

/// The auctions that lead a window, as far as the worker has seen; keyed by the auction.
struct Counts {
    context: QueryContext,
    slide_us: u64,
    slices: u64,
    leaders: WindowLeaders,
}

impl Counts {
    fn new(context: QueryContext, window_us: u64, slide_us: u64) -> Self {
        let slices = window_us / slide_us;
        Self { context, slide_us, slices, leaders: WindowLeaders::new(slices) }
    }

    /// Slices from one removal to the next.
    fn period(&self) -> u64 {
        self.slices.div_ceil(4)
    }

    /// When no window needs the slices up to and with `slice` any more.
    fn removal(&self, slice: u64) -> Timestamp {
        self.context.event_time.timer_at((slice + self.slices) * self.slide_us)
    }
}

impl Kernel for Counts {
    type Left = Bid;
    type Right = ();
    type Bin = Table<Slices>;
    type Binning = Hashed;
    type Output = Leading;

    #[inline(always)]
    fn left_key(bid: &Bid) -> u64 {
        bid.auction
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, bids: &[Bid], _time: Timestamp, context: Context<Self>) {
        // The end of the latest bid's slice: a division less per bid.
        let (mut slice, mut slice_end_us) = (0, 0);
        for bid in bids {
            if bid.date_time >= slice_end_us || bid.date_time + self.slide_us < slice_end_us {
                slice = bid.date_time / self.slide_us;
                slice_end_us = (slice + 1) * self.slide_us;
            }
            let table = context.bins.of(bid.auction);
            let is_first = table.is_empty();
            let counts = table.entry(bid.auction).or_default();
            counts.count(slice);
            if is_first {
                // Not all bins at one time.
                let last = slice + bid.auction % self.period();
                context.timers.notify_at(self.removal(last), bid.auction, last);
            }
            if counts.bids + counts.earlier_bids < self.leaders.least(slice) {
                continue;
            }
            for end in slice + 1..=slice + self.slices {
                let bids = counts.bids_until(end, self.slices);
                if self.leaders.raise(end, bid.auction, bids) {
                    context.output.push(Leading { end_us: end * self.slide_us, auction: bid.auction, bids });
                }
            }
        }
    }

    fn pending(&mut self, _time: Timestamp, auction: u64, slice: u64, context: Context<Self>) {
        let table = context.bins.of(auction);
        table.retain(|_, counts| {
            if counts.earlier_bids > 0 {
                counts.keep_after(slice);
            }
            counts.newest > slice
        });
        if !table.is_empty() {
            let last = slice + self.period();
            context.timers.notify_at(self.removal(last), auction, last);
        }
    }
}

/// The auction with the most bids of each window; keyed by the window's end.
struct Hottest(QueryContext);

impl Kernel for Hottest {
    type Left = Leading;
    type Right = ();
    /// Leader and its bids.
    type Bin = Table<[u64; 2]>;
    type Binning = Hashed;
    type Output = Row;

    fn left_key(leading: &Leading) -> u64 {
        leading.end_us
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, leading: &[Leading], _time: Timestamp, context: Context<Self>) {
        for &Leading { end_us, auction, bids } in leading {
            let window = context.bins.of(end_us).entry(end_us).or_insert_with(|| {
                let closing = self.0.event_time.timer_at(end_us - 1);
                context.timers.notify_at(closing, end_us, 0);
                [0, 0]
            });
            if bids > window[1] || (bids == window[1] && auction < window[0]) {
                *window = [auction, bids];
            }
        }
    }

    fn pending(&mut self, _time: Timestamp, end_us: u64, _value: u64, context: Context<Self>) {
        if let Some([auction, bids]) = context.bins.of(end_us).remove(&end_us) {
            context.output.push([end_us as f64, auction as f64, bids as f64]);
        }
    }
}

/// A removal visits a whole bin: that of all auctions of a worker would stop it for milliseconds.
const NATIVE_SHIFT: u32 = 8;

/// Builds the query.
pub fn build<'scope>(
    builder: &mut Builder<'_, 'scope>,
    bids: Stream<'scope, Bid>,
    context: QueryContext,
    window_us: u64,
    slide_us: u64,
) {
    let counts = Counts::new(context, window_us, slide_us);
    let leading = builder.unary_in_bins(bids, NATIVE_SHIFT, counts);
    let hottest = builder.unary(leading, Hottest(context));
    builder.finish(hottest);
}
