//! The extended notificator (paper section 4.3): pending entries (time, key, value), in a heap per bin that migrates with its bin.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::binning::Binning;
use super::pieces::{WordReader, WordWriter};
use crate::time::{CLOSED, Timestamp};

/// A pending entry: its time, key and value. Entries of a bin are delivered in this order.
pub type Entry = (Timestamp, u64, u64);

/// The pending entries of one operator on one worker.
#[derive(Debug)]
pub struct Timers<N> {
    binning: N,
    /// By bin; empty until the first entry, since many operators have none.
    heaps: Vec<BinaryHeap<Reverse<Entry>>>,
    /// Times of the bins' earliest entries; also of entries that are gone, which are dropped when they are met.
    earliest: BinaryHeap<Reverse<(Timestamp, u32)>>,
}

impl<N: Binning> Timers<N> {
    /// No entries.
    pub fn new(binning: N) -> Self {
        Self { binning, heaps: Vec::new(), earliest: BinaryHeap::new() }
    }

    /// Adds an entry, which is not before the present.
    pub fn notify_at(&mut self, time: Timestamp, key: u64, value: u64) {
        let bin = self.binning.bin_of(key);
        let heap = self.heap(bin);
        let is_first = heap.peek().is_none_or(|Reverse(first)| time < first.0);
        heap.push(Reverse((time, key, value)));
        if is_first {
            self.earliest.push(Reverse((time, bin as u32)));
        }
    }

    /// Time of the earliest entry; `CLOSED` when there is none.
    #[inline]
    pub fn next_time(&mut self) -> Timestamp {
        while let Some(&Reverse((time, bin))) = self.earliest.peek() {
            match self.heaps[bin as usize].peek() {
                Some(Reverse(entry)) if entry.0 == time => return time,
                _ => self.earliest.pop(),
            };
        }
        CLOSED
    }

    /// Removes the earliest entry, if it is before `frontier`.
    pub fn pop_before(&mut self, frontier: Timestamp) -> Option<Entry> {
        let time = self.next_time();
        if time >= frontier {
            return None;
        }
        let Reverse((_, bin)) = self.earliest.peek().copied()?;
        let heap = &mut self.heaps[bin as usize];
        let Reverse(entry) = heap.pop()?;
        let next = heap.peek().map(|Reverse(next)| next.0);
        if next != Some(time) {
            self.earliest.pop();
            self.earliest.extend(next.map(|next| Reverse((next, bin))));
        }
        Some(entry)
    }

    /// Writes the entries of a bin that leaves, and forgets them.
    pub fn extract(&mut self, bin: usize, words: &mut WordWriter) {
        let entries = match self.heaps.get_mut(bin) {
            Some(heap) => std::mem::take(heap).into_vec(),
            None => Vec::new(),
        };
        words.put(entries.len() as u64);
        for Reverse((time, key, value)) in entries {
            words.put_all(&[time, key, value]);
        }
    }

    /// Takes the entries of a bin that arrives.
    pub fn install(&mut self, bin: usize, words: &mut WordReader) {
        let count = words.take();
        if count == 0 {
            return;
        }
        let entries: Vec<Reverse<Entry>> =
            (0..count).map(|_| Reverse((words.take(), words.take(), words.take()))).collect();
        let heap = self.heap(bin);
        *heap = BinaryHeap::from(entries);
        let first = heap.peek().map(|Reverse(first)| Reverse((first.0, bin as u32)));
        self.earliest.extend(first);
    }

    fn heap(&mut self, bin: usize) -> &mut BinaryHeap<Reverse<Entry>> {
        if self.heaps.is_empty() {
            self.heaps.resize_with(self.binning.bins(), BinaryHeap::new);
        }
        &mut self.heaps[bin]
    }
}

#[cfg(test)]
mod tests {
    use super::super::binning::LowBits;
    use super::*;

    #[test]
    fn entries_come_in_the_order_of_time_over_all_bins() {
        let mut timers = Timers::new(LowBits::new(2));
        for (time, key) in [(9, 1), (3, 2), (5, 1), (3, 6), (4, 3)] {
            timers.notify_at(time, key, 0);
        }
        assert_eq!(timers.next_time(), 3);
        let popped: Vec<_> = std::iter::from_fn(|| timers.pop_before(6)).collect();
        assert_eq!(popped, [(3, 2, 0), (3, 6, 0), (4, 3, 0), (5, 1, 0)]);
        assert_eq!(timers.next_time(), 9);
    }

    #[test]
    fn entries_move_with_their_bin() {
        let mut from = Timers::new(LowBits::new(2));
        from.notify_at(7, 1, 10);
        from.notify_at(8, 2, 20);
        let mut words = WordWriter::default();
        from.extract(1, &mut words);
        let mut to = Timers::new(LowBits::new(2));
        to.install(1, &mut WordReader::new(words.finish()));
        assert_eq!(from.next_time(), 8);
        assert_eq!(to.pop_before(100), Some((7, 1, 10)));
        assert_eq!(to.next_time(), CLOSED);
    }
}
