//! Contents of a bin: state that knows how to leave and how to arrive.

use rustc_hash::FxHashMap;

use super::pieces::{WordReader, WordWriter};

/// State of one bin.
pub trait BinState: Default + 'static {
    /// Writes everything, and frees it.
    fn write(self, words: &mut WordWriter);
    /// What was written.
    fn read(words: &mut WordReader) -> Self;
    /// Bytes that it takes.
    fn bytes(&self) -> u64;
}

/// No state at all.
impl BinState for () {
    fn write(self, _words: &mut WordWriter) {}

    fn read(_words: &mut WordReader) -> Self {}

    fn bytes(&self) -> u64 {
        0
    }
}

/// A dense array of numbers.
impl BinState for Vec<u64> {
    fn write(self, words: &mut WordWriter) {
        words.put(self.len() as u64);
        words.put_all(&self);
    }

    fn read(words: &mut WordReader) -> Self {
        let length = words.take() as usize;
        words.take_all(length)
    }

    fn bytes(&self) -> u64 {
        8 * self.capacity() as u64
    }
}

/// A value of a table, as words.
pub trait Value: 'static {
    /// Writes it.
    fn write(&self, words: &mut WordWriter);
    /// What was written.
    fn read(words: &mut WordReader) -> Self;
}

impl Value for u64 {
    fn write(&self, words: &mut WordWriter) {
        words.put(*self);
    }

    fn read(words: &mut WordReader) -> Self {
        words.take()
    }
}

impl<const LENGTH: usize> Value for [u64; LENGTH] {
    fn write(&self, words: &mut WordWriter) {
        words.put_all(self);
    }

    fn read(words: &mut WordReader) -> Self {
        std::array::from_fn(|_| words.take())
    }
}

impl<V: Value> Value for Vec<V> {
    fn write(&self, words: &mut WordWriter) {
        words.put(self.len() as u64);
        self.iter().for_each(|value| value.write(words));
    }

    fn read(words: &mut WordReader) -> Self {
        (0..words.take()).map(|_| V::read(words)).collect()
    }
}

/// A table by key. What its values own beside themselves is not counted in its bytes.
pub type Table<V> = FxHashMap<u64, V>;

impl<V: Value> BinState for Table<V> {
    fn write(self, words: &mut WordWriter) {
        words.put(self.len() as u64);
        for (key, value) in self {
            words.put(key);
            value.write(words);
        }
    }

    fn read(words: &mut WordReader) -> Self {
        let length = words.take() as usize;
        let mut table = Self::with_capacity_and_hasher(length, Default::default());
        for _ in 0..length {
            let key = words.take();
            table.insert(key, V::read(words));
        }
        table
    }

    fn bytes(&self) -> u64 {
        // Seven of eight slots are used at most, each with a byte of control.
        let slots = self.capacity() as u64 * 8 / 7;
        slots * (size_of::<(u64, V)>() as u64 + 1)
    }
}

/// Two kinds of state of one bin.
impl<A: BinState, B: BinState> BinState for (A, B) {
    fn write(self, words: &mut WordWriter) {
        self.0.write(words);
        self.1.write(words);
    }

    fn read(words: &mut WordReader) -> Self {
        let first = A::read(words);
        (first, B::read(words))
    }

    fn bytes(&self) -> u64 {
        self.0.bytes() + self.1.bytes()
    }
}
