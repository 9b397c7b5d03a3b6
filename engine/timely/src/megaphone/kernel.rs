//! What an operator computes, whether its bins can move or not.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::binning::Binning;
use super::bins::Bins;
use super::state::BinState;
use super::timers::Timers;
use crate::time::Timestamp;

/// A record that can cross between workers.
pub trait Record: Copy + Send + Serialize + DeserializeOwned + 'static {}

impl<R: Copy + Send + Serialize + DeserializeOwned + 'static> Record for R {}

/// The bins and pending entries of one worker, and where results go.
pub struct Context<'a, K: Kernel + ?Sized> {
    /// The bins.
    pub bins: &'a mut Bins<K::Bin, K::Binning>,
    /// Pending entries: an entry's key decides its bin.
    pub timers: &'a mut Timers<K::Binning>,
    /// Results, at the time that is handled.
    pub output: &'a mut Vec<K::Output>,
}

/// The logic of an operator with one or two inputs, on one worker. It must not depend on the order of batches: all that is certain at an
/// entry's time is that everything before and at that time was applied.
pub trait Kernel: 'static {
    /// Records of the first input.
    type Left: Record;
    /// Records of the second input.
    type Right: Record;
    /// State of a bin.
    type Bin: BinState;
    /// From keys to bins.
    type Binning: Binning;
    /// Results.
    type Output: Record;

    /// Key of a record of the first input.
    fn left_key(record: &Self::Left) -> u64;

    /// Key of a record of the second input.
    fn right_key(record: &Self::Right) -> u64;

    /// A bin at the start.
    fn empty(&self) -> Self::Bin {
        Self::Bin::default()
    }

    /// Applies records of the first input.
    fn left(&mut self, records: &[Self::Left], time: Timestamp, context: Context<Self>);

    /// Applies records of the second input.
    fn right(&mut self, _records: &[Self::Right], _time: Timestamp, _context: Context<Self>) {}

    /// Handles a pending entry.
    fn pending(&mut self, _time: Timestamp, _key: u64, _value: u64, _context: Context<Self>) {}
}
