//! The bins of one operator that a worker owns, with what their sizes add up to.

use super::binning::Binning;
use super::state::BinState;

/// Bins whose sizes are looked up at a time: the sum is refreshed little by little.
const SIZES_PER_LOOK: usize = 4096;

/// Bins by number; those of other workers are absent.
#[derive(Debug)]
pub struct Bins<B, N> {
    binning: N,
    bins: Vec<Option<B>>,
    sizes: Vec<u64>,
    total: u64,
    /// The next bin whose size is looked up.
    next: usize,
}

impl<B: BinState, N: Binning> Bins<B, N> {
    /// No bin is owned.
    pub fn new(binning: N) -> Self {
        Self {
            binning,
            bins: (0..binning.bins()).map(|_| None).collect(),
            sizes: vec![0; binning.bins()],
            total: 0,
            next: 0,
        }
    }

    /// From keys to bins.
    #[inline(always)]
    pub fn binning(&self) -> N {
        self.binning
    }

    /// The bin of a key.
    ///
    /// # Panics
    /// When another worker owns it.
    #[inline(always)]
    pub fn of(&mut self, key: u64) -> &mut B {
        let bin = self.binning.bin_of(key);
        match &mut self.bins[bin] {
            Some(state) => state,
            None => absent(bin),
        }
    }

    /// Owns a bin from now on.
    pub fn install(&mut self, bin: usize, state: B) {
        self.resize(bin, state.bytes());
        self.bins[bin] = Some(state);
    }

    /// Gives a bin away.
    ///
    /// # Panics
    /// When another worker owns it.
    pub fn extract(&mut self, bin: usize) -> B {
        self.resize(bin, 0);
        match self.bins[bin].take() {
            Some(state) => state,
            None => absent(bin),
        }
    }

    /// Bytes of all bins, as far as they have been looked at; looks at some more.
    pub fn bytes(&mut self) -> u64 {
        for _ in 0..SIZES_PER_LOOK.min(self.bins.len()) {
            let bin = self.next;
            self.next = (bin + 1) % self.bins.len();
            let size = self.bins[bin].as_ref().map_or(0, BinState::bytes);
            self.resize(bin, size);
        }
        self.total
    }

    fn resize(&mut self, bin: usize, size: u64) {
        self.total = self.total + size - self.sizes[bin];
        self.sizes[bin] = size;
    }
}

#[cold]
#[inline(never)]
fn absent(bin: usize) -> ! {
    panic!("bin {bin} is used by a worker that does not own it")
}
