//! Query 7, highest bid of each window. A bin (or, without migration, a worker) lets the prices pass that are its window's highest so far,
//! which are few; the maximum of them is taken where the window's end is hashed to.

use timely::container::CapacityContainerBuilder;
use timely::dataflow::channels::pact::Pipeline;
use timely::dataflow::operators::Operator;

use super::QueryContext;
use crate::megaphone::binning::{Hashed, LowBits};
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::state::Table;
use crate::nexmark::records::Bid;
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// End of a window, price.
type Row = [f64; 2];
/// The same, on the way.
type Passed = (u64, u64);

/// The windows' ends.
#[derive(Clone, Copy)]
struct Windows {
    length_us: u64,
}

impl Windows {
    /// End of the window that holds a time. A bid that shares the window of the one before costs no division.
    #[inline(always)]
    fn end_of(self, date_time: u64, last_end: u64) -> u64 {
        if date_time < last_end && date_time + self.length_us >= last_end {
            last_end
        } else {
            (date_time / self.length_us + 1) * self.length_us
        }
    }
}

/// The prices that are the highest so far of a bin's latest window; spread by price, which makes the bins even.
struct Reduce(Windows);

impl Kernel for Reduce {
    type Left = Bid;
    type Right = ();
    /// The end of the window that the bin saw last, and the highest price.
    type Bin = Vec<u64>;
    type Binning = LowBits;
    type Output = Passed;

    #[inline(always)]
    fn left_key(bid: &Bid) -> u64 {
        u64::from(bid.price)
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn empty(&self) -> Vec<u64> {
        vec![0; 2]
    }

    fn left(&mut self, bids: &[Bid], _time: Timestamp, context: Context<Self>) {
        let mut end = 0;
        for bid in bids {
            end = self.0.end_of(bid.date_time, end);
            let price = u64::from(bid.price);
            let seen = context.bins.of(price);
            if seen[0] == end && seen[1] >= price {
                continue;
            }
            seen.copy_from_slice(&[end, price]);
            context.output.push((end, price));
        }
    }
}

/// The highest price of each window; keyed by the window's end.
struct Highest(QueryContext);

impl Kernel for Highest {
    type Left = Passed;
    type Right = ();
    type Bin = Table<u64>;
    type Binning = Hashed;
    type Output = Row;

    fn left_key(passed: &Passed) -> u64 {
        passed.0
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, passed: &[Passed], _time: Timestamp, context: Context<Self>) {
        for &(end, price) in passed {
            let highest = context.bins.of(end).entry(end).or_insert_with(|| {
                let closing = self.0.event_time.timer_at(end - 1);
                context.timers.notify_at(closing, end, 0);
                0
            });
            *highest = price.max(*highest);
        }
    }

    fn pending(&mut self, _time: Timestamp, end: u64, _value: u64, context: Context<Self>) {
        if let Some(price) = context.bins.of(end).remove(&end) {
            context.output.push([end as f64, price as f64]);
        }
    }
}

/// The pre-reduction without migration needs no key, and hence no exchange: a loop over two numbers.
fn reduce<'scope>(bids: Stream<'scope, Bid>, windows: Windows) -> Stream<'scope, Passed> {
    let (mut last_end, mut highest) = (0, 0);
    bids.unary::<CapacityContainerBuilder<Vec<Passed>>, _, _, _>(Pipeline, "reduce", move |_, _| {
        let mut passed = Vec::new();
        move |input, output| {
            input.for_each(|capability, bids| {
                for bid in bids.drain(..) {
                    let end = windows.end_of(bid.date_time, last_end);
                    if end == last_end && u64::from(bid.price) <= highest {
                        continue;
                    }
                    last_end = end;
                    highest = u64::from(bid.price);
                    passed.push((end, highest));
                }
                if !passed.is_empty() {
                    output.session(&capability).give_container(&mut passed);
                    passed.clear();
                }
            });
        }
    })
}

/// Builds the query.
pub fn build<'scope>(
    builder: &mut Builder<'_, 'scope>,
    bids: Stream<'scope, Bid>,
    context: QueryContext,
    window_us: u64,
) {
    let windows = Windows { length_us: window_us };
    let passed = if builder.is_migratable() { builder.unary(bids, Reduce(windows)) } else { reduce(bids, windows) };
    let highest = builder.unary(passed, Highest(context));
    builder.finish(highest);
}
