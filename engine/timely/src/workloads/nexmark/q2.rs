//! Query 2, selection: the bids of every 123rd auction.

use timely::dataflow::operators::vec::Map;

use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::nexmark::records::Bid;
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// Time, auction, price.
type Row = [f64; 3];

/// Without state; bins can be moved nevertheless.
struct Select {
    modulus: u64,
}

#[inline(always)]
fn select(bid: &Bid, modulus: u64) -> Option<Row> {
    (bid.auction % modulus == 0).then(|| [bid.date_time as f64, bid.auction as f64, f64::from(bid.price)])
}

impl Kernel for Select {
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
        let modulus = self.modulus;
        context.output.extend(bids.iter().filter_map(|bid| select(bid, modulus)));
    }
}

/// Builds the query.
pub fn build<'scope>(builder: &mut Builder<'_, 'scope>, bids: Stream<'scope, Bid>, modulus: u64) {
    let selected = if builder.is_migratable() {
        builder.unary(bids, Select { modulus })
    } else {
        bids.flat_map(move |bid| select(&bid, modulus))
    };
    builder.finish(selected);
}
