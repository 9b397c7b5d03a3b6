//! Query 4, average price per category: a running average of the winning prices, one row per closed auction.

use super::QueryContext;
use super::closed_auctions::{ClosedAuction, ClosedAuctions};
use super::closings::{Closings, add, take};
use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::state::Table;
use crate::nexmark::records::{Auction, Bid};
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// When an auction closed, category, average.
type Row = [f64; 3];
/// Sum and number of the prices of a category.
type Total = [u64; 2];

struct Averages(QueryContext);

impl Kernel for Averages {
    type Left = ClosedAuction;
    type Right = ();
    type Bin = (Table<Total>, Closings);
    type Binning = Hashed;
    type Output = Row;

    fn left_key(closed: &ClosedAuction) -> u64 {
        closed.category
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, auctions: &[ClosedAuction], time: Timestamp, context: Context<Self>) {
        for closed in auctions {
            let (_, closings) = context.bins.of(closed.category);
            if add(closings, closed.category, closed, &self.0) {
                context.timers.notify_at(time, closed.category, 0);
            }
        }
    }

    fn pending(&mut self, time: Timestamp, category: u64, _value: u64, context: Context<Self>) {
        let (totals, closings) = context.bins.of(category);
        let [sum, count] = totals.entry(category).or_default();
        for [expires, _, price] in take(closings, category, time, &self.0) {
            *sum += price;
            *count += 1;
            let average = *sum as f64 / *count as f64;
            context.output.push([expires as f64, category as f64, average]);
        }
    }
}

/// Builds the query.
pub fn build<'scope>(
    builder: &mut Builder<'_, 'scope>,
    auctions: Stream<'scope, Auction>,
    bids: Stream<'scope, Bid>,
    context: QueryContext,
) {
    let closed = builder.binary(auctions, bids, ClosedAuctions(context));
    let averages = builder.unary(closed, Averages(context));
    builder.finish(averages);
}
