//! Latencies by epochs of the records' intended times, as `experiments/metrics/epoch-histograms.ts`: a single histogram is drained at the
//! first record of a later epoch. Around migrations epochs are shorter.

use serde::Serialize;

use super::histogram::{Histogram, SparseCounts};
use crate::spec::FineTimes;

/// The latencies of the records of one epoch.
#[derive(Clone, Debug, Serialize)]
pub struct EpochCounts {
    /// Index of the epoch: it starts at `epoch` times the length of an epoch.
    pub epoch: u64,
    /// The counts.
    #[serde(flatten)]
    pub counts: SparseCounts,
}

/// Latencies by epochs of one length.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Epochs {
    /// Length of an epoch in nanoseconds.
    pub epoch_ns: u64,
    /// The epochs with at least one record, ascending.
    pub epochs: Vec<EpochCounts>,
}

/// All that a worker recorded.
#[derive(Clone, Debug, Serialize)]
pub struct WorkerEpochs {
    /// By long epochs.
    #[serde(flatten)]
    pub long: Epochs,
    /// The records of some times once more by shorter epochs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fine: Option<Epochs>,
}

/// The recorder of one worker.
#[derive(Debug)]
pub struct EpochHistograms {
    epoch_ns: u64,
    fine: Option<FineTimes>,
    current: Histogram,
    drained: Vec<EpochCounts>,
    drained_fine: Vec<EpochCounts>,
    length_ns: u64,
    epoch: u64,
    end_ns: u64,
}

impl EpochHistograms {
    /// A recorder without records.
    pub fn new(epoch_ns: u64, fine: Option<FineTimes>) -> Self {
        let mut epochs = Self {
            epoch_ns,
            fine,
            current: Histogram::default(),
            drained: Vec::new(),
            drained_fine: Vec::new(),
            length_ns: 0,
            epoch: 0,
            end_ns: 0,
        };
        epochs.begin(0);
        epochs
    }

    /// The histogram of the epoch of an intended time, which is in no earlier epoch than the last one, and the epoch's end.
    #[inline]
    pub fn at(&mut self, intended_ns: u64) -> (&mut Histogram, u64) {
        if intended_ns >= self.end_ns {
            self.drain();
            self.begin(intended_ns);
        }
        (&mut self.current, self.end_ns)
    }

    /// Start of the epoch that records go to at present: those before it are over.
    pub fn open_from_ns(&self) -> u64 {
        self.end_ns - self.length_ns
    }

    /// The long epochs that are over, in order, and their length.
    pub fn closed(&self) -> (&[EpochCounts], u64) {
        (&self.drained, self.epoch_ns)
    }

    /// The short epochs that are over, in order, and their length.
    pub fn closed_fine(&self) -> (&[EpochCounts], u64) {
        (&self.drained_fine, self.fine.as_ref().map_or(self.epoch_ns, |fine| fine.epoch_ns))
    }

    /// All that was recorded.
    pub fn finish(mut self) -> WorkerEpochs {
        self.drain();
        let mut epochs = self.drained;
        let fine = self.fine.map(|fine| Epochs { epoch_ns: fine.epoch_ns, epochs: self.drained_fine });
        if let Some(fine) = &fine {
            epochs.extend(joined(fine, self.epoch_ns));
            epochs.sort_by_key(|counts| counts.epoch);
        }
        WorkerEpochs { long: Epochs { epoch_ns: self.epoch_ns, epochs }, fine }
    }

    fn begin(&mut self, intended_ns: u64) {
        self.length_ns = match &self.fine {
            Some(fine) if fine.spans.iter().any(|span| span.contains(intended_ns)) => fine.epoch_ns,
            _ => self.epoch_ns,
        };
        self.epoch = intended_ns / self.length_ns;
        self.end_ns = (self.epoch + 1) * self.length_ns;
    }

    fn drain(&mut self) {
        let Some(counts) = self.current.drain() else { return };
        let is_long = self.length_ns == self.epoch_ns;
        let drained = if is_long { &mut self.drained } else { &mut self.drained_fine };
        drained.push(EpochCounts { epoch: self.epoch, counts });
    }
}

/// Short epochs joined to those of `epoch_ns`.
fn joined(fine: &Epochs, epoch_ns: u64) -> Vec<EpochCounts> {
    let per_epoch = epoch_ns / fine.epoch_ns;
    let mut sum = Histogram::default();
    fine.epochs
        .chunk_by(|a, b| a.epoch / per_epoch == b.epoch / per_epoch)
        .filter_map(|parts| {
            parts.iter().for_each(|part| sum.add(&part.counts));
            let epoch = parts[0].epoch / per_epoch;
            sum.drain().map(|counts| EpochCounts { epoch, counts })
        })
        .collect()
}
