//! Closed auctions for queries 4 and 6: open auctions with their best bids are state, their closings pending entries.
//!
//! A bid may come before its auction. It is tried again at its own time: its auction has arrived by then, or will not make it valid. Until
//! then it is a pending entry, whose value holds the price and the time since the earliest event time of the entry's timestamp.

use serde::{Deserialize, Serialize};

use super::QueryContext;
use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::state::Table;
use crate::nexmark::records::{Auction, Bid};
use crate::time::Timestamp;

/// Event times of one timestamp that an early bid's entry tells apart, in bits.
const SINCE_BITS: u32 = 26;
/// Value of the entry that closes an auction; it comes after the auction's early bids of the same time.
const CLOSE: u64 = u64::MAX;

/// An auction that closed with a winner. Its timestamp is the closing time of `expires`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedAuction {
    /// The auction.
    pub auction: u64,
    /// Who sold.
    pub seller: u64,
    /// The category.
    pub category: u64,
    /// The winning price.
    pub price: u64,
    /// When it closed, in microseconds of event time.
    pub expires: u64,
}

/// Seller, category, reserve, when it opened, when it expires, and the best price so far or 0.
type Open = [u64; 6];

/// Every auction with its winning price, once it has expired. Keyed by the auction.
pub struct ClosedAuctions(pub QueryContext);

fn offer([_, _, reserve, opens, expires, best]: &mut Open, price: u64, date_time: u64) {
    if price > *best && price >= *reserve && date_time >= *opens && date_time < *expires {
        *best = price;
    }
}

impl Kernel for ClosedAuctions {
    type Left = Auction;
    type Right = Bid;
    type Bin = Table<Open>;
    type Binning = Hashed;
    type Output = ClosedAuction;

    fn left_key(auction: &Auction) -> u64 {
        auction.id
    }

    #[inline(always)]
    fn right_key(bid: &Bid) -> u64 {
        bid.auction
    }

    fn left(&mut self, auctions: &[Auction], _time: Timestamp, context: Context<Self>) {
        for auction in auctions {
            let (category, reserve) = (u64::from(auction.category), u64::from(auction.reserve));
            let open = [auction.seller, category, reserve, auction.date_time, auction.expires, 0];
            context.bins.of(auction.id).insert(auction.id, open);
            let closing = self.0.closing_time(auction.expires);
            context.timers.notify_at(closing, auction.id, CLOSE);
        }
    }

    fn right(&mut self, bids: &[Bid], _time: Timestamp, context: Context<Self>) {
        for bid in bids {
            match context.bins.of(bid.auction).get_mut(&bid.auction) {
                Some(open) => offer(open, u64::from(bid.price), bid.date_time),
                None => {
                    let time = self.0.event_time.timer_at(bid.date_time);
                    let since = bid.date_time as i64 - self.0.event_time.earliest_at(time);
                    let value = (u64::from(bid.price) << SINCE_BITS) + since as u64;
                    context.timers.notify_at(time, bid.auction, value);
                }
            }
        }
    }

    fn pending(&mut self, time: Timestamp, auction: u64, value: u64, context: Context<Self>) {
        let table = context.bins.of(auction);
        if value != CLOSE {
            if let Some(open) = table.get_mut(&auction) {
                let since = (value & ((1 << SINCE_BITS) - 1)) as i64;
                let date_time = self.0.event_time.earliest_at(time) + since;
                offer(open, value >> SINCE_BITS, date_time as u64);
            }
        } else if let Some([seller, category, _, _, expires, price]) = table.remove(&auction) {
            if price > 0 {
                context.output.push(ClosedAuction { auction, seller, category, price, expires });
            }
        }
    }
}
