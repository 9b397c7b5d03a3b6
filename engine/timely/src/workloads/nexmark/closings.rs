//! Closings that wait until all of their time have come: averages count them in the order of (expires, auction).

use super::QueryContext;
use super::closed_auctions::ClosedAuction;
use crate::megaphone::state::Table;
use crate::time::Timestamp;

/// When an auction closed, the auction, its price.
pub type Closing = [u64; 3];

/// Waiting closings by key.
pub type Closings = Table<Vec<Closing>>;

/// Adds a closing to those of `key`. Returns whether its time has to be announced by a pending entry; a time may be announced more than
/// once.
pub fn add(closings: &mut Closings, key: u64, closed: &ClosedAuction, context: &QueryContext) -> bool {
    let waiting = closings.entry(key).or_default();
    let closing_time = |expires| context.closing_time(expires);
    let is_announced = waiting.last().is_some_and(|last| closing_time(last[0]) == closing_time(closed.expires));
    waiting.push([closed.expires, closed.auction, closed.price]);
    !is_announced
}

/// Removes the closings of `key` until and with `time`, in the order of (expires, auction).
pub fn take(closings: &mut Closings, key: u64, time: Timestamp, context: &QueryContext) -> Vec<Closing> {
    let Some(waiting) = closings.get_mut(&key) else { return Vec::new() };
    waiting.sort_unstable();
    let due = waiting.partition_point(|closing| context.closing_time(closing[0]) <= time);
    if due == waiting.len() {
        return closings.remove(&key).unwrap_or_default();
    }
    waiting.drain(..due).collect()
}
