//! A table of counts by key, for one bin: open addressing with linear probing, sixteen bytes a slot, so that a key that is there costs one
//! line of cache. A bin is named by the upper bits of a key's hash; the lower ones name the slot.

use super::binning::hash_key;
use super::pieces::{WordReader, WordWriter};
use super::state::BinState;

/// Slots of the smallest table.
const FEWEST_SLOTS: usize = 8;

/// Counts by key. A slot whose count is 0 is empty.
#[derive(Debug, Default)]
pub struct CountTable {
    /// As many as a power of two, or none; at most five of eight are used.
    slots: Vec<(u64, u64)>,
    length: usize,
}

impl CountTable {
    /// Counts a key once more, and returns how often it has occurred.
    #[inline(always)]
    pub fn count(&mut self, key: u64) -> u64 {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash_key(key) as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 {
                break;
            }
            if slot.0 == key {
                slot.1 += 1;
                return slot.1;
            }
            at = (at + 1) & mask;
        }
        self.insert(key, 1);
        1
    }

    /// Adds a key that is not there.
    #[cold]
    fn insert(&mut self, key: u64, count: u64) {
        if 8 * (self.length + 1) > 5 * self.slots.len() {
            self.grow((2 * self.slots.len()).max(FEWEST_SLOTS));
        }
        self.length += 1;
        place(&mut self.slots, (key, count));
    }

    fn grow(&mut self, slots: usize) {
        let before = std::mem::replace(&mut self.slots, vec![(0, 0); slots]);
        before.into_iter().filter(|(_, count)| *count > 0).for_each(|slot| place(&mut self.slots, slot));
    }
}

/// Writes a key that is not there to a table that is not full.
fn place(slots: &mut [(u64, u64)], slot: (u64, u64)) {
    let mask = slots.len() - 1;
    let mut at = hash_key(slot.0) as usize & mask;
    while slots[at].1 > 0 {
        at = (at + 1) & mask;
    }
    slots[at] = slot;
}

impl BinState for CountTable {
    fn write(self, words: &mut WordWriter) {
        words.put(self.slots.len() as u64);
        words.put(self.length as u64);
        for (key, count) in self.slots.into_iter().filter(|(_, count)| *count > 0) {
            words.put_all(&[key, count]);
        }
    }

    fn read(words: &mut WordReader) -> Self {
        // The table is not smaller than it was: it would have to grow again right away.
        let mut table = Self { slots: vec![(0, 0); words.take() as usize], length: 0 };
        for _ in 0..words.take() {
            let (key, count) = (words.take(), words.take());
            table.insert(key, count);
        }
        table
    }

    fn bytes(&self) -> u64 {
        16 * self.slots.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_what_they_are_when_the_table_grows_and_moves() {
        let mut table = CountTable::default();
        for round in 1..=3 {
            for key in 0..5000 {
                assert_eq!(table.count(key * 7), round);
            }
            let mut words = WordWriter::default();
            table.write(&mut words);
            table = CountTable::read(&mut WordReader::new(words.finish()));
        }
        assert_eq!(table.length, 5000);
    }
}
