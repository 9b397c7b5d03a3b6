//! State on its way: the contents of a bin as words of 64 bits, cut into pieces of bounded size. The receiver collects the pieces of a
//! bin, and reads them once all are there.

use serde::{Deserialize, Serialize};

/// Most words of a piece: 64 KiB.
pub const PIECE_WORDS: usize = 8192;

/// A piece of a bin. The pieces of a bin are sent in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Piece {
    /// The worker that the bin left.
    pub from: u32,
    /// The worker that it goes to.
    pub to: u32,
    /// The bin.
    pub bin: u32,
    /// Whether it is the bin's last piece.
    pub is_last: bool,
    /// The contents.
    pub words: Vec<u64>,
}

/// Takes the words of a bin.
#[derive(Debug, Default)]
pub struct WordWriter {
    full: Vec<Vec<u64>>,
    current: Vec<u64>,
}

impl WordWriter {
    /// Appends a word.
    #[inline]
    pub fn put(&mut self, word: u64) {
        if self.current.len() == PIECE_WORDS {
            self.full.push(std::mem::take(&mut self.current));
        }
        if self.current.capacity() == 0 && !self.full.is_empty() {
            self.current.reserve_exact(PIECE_WORDS);
        }
        self.current.push(word);
    }

    /// Appends a number of words, cut into whole pieces by copies.
    pub fn put_all(&mut self, words: &[u64]) {
        let mut rest = words;
        while !rest.is_empty() {
            if self.current.len() == PIECE_WORDS {
                self.full.push(std::mem::take(&mut self.current));
            }
            let (now, later) = rest.split_at(rest.len().min(PIECE_WORDS - self.current.len()));
            self.current.extend_from_slice(now);
            rest = later;
        }
    }

    /// The words in pieces, at least one.
    pub fn finish(mut self) -> Vec<Vec<u64>> {
        self.full.push(self.current);
        self.full
    }
}

/// Hands out the words of a bin in the order in which they were written.
#[derive(Debug)]
pub struct WordReader {
    pieces: std::vec::IntoIter<Vec<u64>>,
    current: Vec<u64>,
    at: usize,
}

impl WordReader {
    /// Reads the pieces of a bin, in their order.
    pub fn new(pieces: Vec<Vec<u64>>) -> Self {
        let mut pieces = pieces.into_iter();
        let current = pieces.next().unwrap_or_default();
        Self { pieces, current, at: 0 }
    }

    /// The next word.
    ///
    /// # Panics
    /// When there is none: what is read was written by another kind of state.
    #[inline]
    pub fn take(&mut self) -> u64 {
        while self.at == self.current.len() {
            self.current = self.pieces.next().expect("a bin has more words to read");
            self.at = 0;
        }
        self.at += 1;
        self.current[self.at - 1]
    }

    /// The next `count` words.
    ///
    /// # Panics
    /// As `take`.
    pub fn take_all(&mut self, count: usize) -> Vec<u64> {
        let mut words = Vec::with_capacity(count);
        while words.len() < count {
            if self.at == self.current.len() {
                self.current = self.pieces.next().expect("a bin has more words to read");
                self.at = 0;
            }
            let length = (count - words.len()).min(self.current.len() - self.at);
            words.extend_from_slice(&self.current[self.at..self.at + length]);
            self.at += length;
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_were_written() {
        let mut writer = WordWriter::default();
        writer.put(7);
        let many: Vec<u64> = (0..20_000).collect();
        writer.put_all(&many);
        (0..9000).for_each(|word| writer.put(word));
        let pieces = writer.finish();
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE_WORDS));
        let mut reader = WordReader::new(pieces);
        assert_eq!(reader.take(), 7);
        assert_eq!(reader.take_all(20_000), many);
        assert!((0..9000).all(|word| reader.take() == word));
    }
}
