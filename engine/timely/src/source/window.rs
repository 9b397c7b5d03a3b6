//! How much of a source may be in flight: it bounds the memory of everything that waits between operators, however long a stall lasts.

use crate::time::Timestamp;

/// Steps that raised a source's bound and may be in flight: what they sent has not left the dataflow.
const WINDOW_STEPS: usize = 16;

/// The bounds before the last steps that raised the bound.
#[derive(Debug, Default)]
pub struct Window {
    bounds: [Timestamp; WINDOW_STEPS],
    steps: usize,
    bound: Timestamp,
}

impl Window {
    /// Whether the source has to pause, given how far the output has got.
    pub fn is_full(&self, completed: Timestamp) -> bool {
        self.steps >= WINDOW_STEPS && self.bounds[self.steps % WINDOW_STEPS] >= completed
    }

    /// The source's bound: what it has sent lies before it.
    pub fn bound(&self) -> Timestamp {
        self.bound
    }

    /// Takes note of a bound that was reached by sending.
    pub fn sent_until(&mut self, bound: Timestamp) {
        if bound != self.bound {
            self.bounds[self.steps % WINDOW_STEPS] = self.bound;
            self.steps += 1;
            self.bound = bound;
        }
    }
}
