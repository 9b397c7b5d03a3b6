//! Query 1, currency conversion: every bid with its price in euro.

use timely::dataflow::operators::vec::Map;

use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::nexmark::records::Bid;
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// Time, auction, bidder, price.
type Row = [f64; 4];

/// Without state; bins can be moved nevertheless.
struct Convert;

#[inline(always)]
fn convert(bid: &Bid) -> Row {
    let euro = f64::from(bid.price) * 89.0 / 100.0;
    [bid.date_time as f64, bid.auction as f64, bid.bidder as f64, euro]
}

impl Kernel for Convert {
    type Left = Bid;
    type Right = ();
    type Bin = ();
    type Binning = Hashed;
    type Output = Row;

    #[inline(always)]
    fn left_key(bid: &Bid) -> u64 {
        bid.auction
    }

    fn right_key((): &()) -> u64 {
        0
    }

    fn left(&mut self, bids: &[Bid], _time: Timestamp, context: Context<Self>) {
        context.output.extend(bids.iter().map(convert));
    }
}

/// Builds the query.
pub fn build<'scope>(builder: &mut Builder<'_, 'scope>, bids: Stream<'scope, Bid>) {
    let converted = if builder.is_migratable() { builder.unary(bids, Convert) } else { bids.map(|bid| convert(&bid)) };
    builder.finish(converted);
}
