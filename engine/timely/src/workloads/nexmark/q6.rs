//! Query 6, average selling price by seller: over the seller's latest closed auctions, one row per closing.

use super::QueryContext;
use super::closed_auctions::{ClosedAuction, ClosedAuctions};
use super::closings::{Closings, add, take};
use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::state::Table;
use crate::nexmark::records::{Auction, Bid};
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// When an auction closed, seller, average.
type Row = [f64; 3];

/// The latest prices of each seller, at most so many, the oldest first.
struct Averages {
    context: QueryContext,
    latest: usize,
}

impl Kernel for Averages {
    type Left = ClosedAuction;
    type Right = ();
    type Bin = (Table<Vec<u64>>, Closings);
    type Binning = Hashed;
    type Output = Row;

    fn left_key(closed: &ClosedAuction) -> u64 {
        closed.seller
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, auctions: &[ClosedAuction], time: Timestamp, context: Context<Self>) {
        for closed in auctions {
            let (_, closings) = context.bins.of(closed.seller);
            if add(closings, closed.seller, closed, &self.context) {
                context.timers.notify_at(time, closed.seller, 0);
            }
        }
    }

    fn pending(&mut self, time: Timestamp, seller: u64, _value: u64, context: Context<Self>) {
        let (sellers, closings) = context.bins.of(seller);
        let prices = sellers.entry(seller).or_default();
        for [expires, _, price] in take(closings, seller, time, &self.context) {
            if prices.len() == self.latest {
                prices.remove(0);
            }
            prices.push(price);
            let average = prices.iter().sum::<u64>() as f64 / prices.len() as f64;
            context.output.push([expires as f64, seller as f64, average]);
        }
    }
}

/// Builds the query.
pub fn build<'scope>(
    builder: &mut Builder<'_, 'scope>,
    auctions: Stream<'scope, Auction>,
    bids: Stream<'scope, Bid>,
    context: QueryContext,
    latest: u64,
) {
    let closed = builder.binary(auctions, bids, ClosedAuctions(context));
    let latest = latest as usize;
    let averages = builder.unary(closed, Averages { context, latest });
    builder.finish(averages);
}
