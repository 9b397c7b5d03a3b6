//! What the workers of a process tell of themselves while they run, for whoever watches: in the shapes of
//! `experiments/metrics/live-records.ts`, but that ticks count from the start barrier.

use std::mem::take;
use std::sync::Mutex;

use serde::Serialize;

use crate::metrics::epochs::{EpochCounts, EpochHistograms};
use crate::results::{Departure, StepRecord};

/// 2^JOINED neighbouring buckets are told as one, so that short epochs, which have hundreds each, stay small.
const JOINED: u32 = 4;

/// How far a worker is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerPlace {
    /// When it said so, since the start barrier.
    pub elapsed_ms: f64,
    /// Records of the schedule that it has sent.
    pub sent: u64,
    /// The output frontier over all workers in ticks; none when it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontier: Option<u64>,
    /// All that it recorded of earlier intended times has been told.
    pub told_ns: u64,
}

/// The latencies that a worker recorded in an epoch.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EpochPart {
    epoch_ns: u64,
    epoch: u64,
    min_ns: u64,
    max_ns: u64,
    indexes: Vec<u32>,
    counts: Vec<u64>,
}

/// What a worker has told since it was taken the last time.
#[derive(Debug, Default, Serialize)]
pub struct WorkerNews {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<WorkerPlace>,
    epochs: Vec<EpochPart>,
    steps: Vec<StepRecord>,
    departures: Vec<Departure>,
}

/// What one worker tells, and another thread takes.
#[derive(Debug, Default)]
pub struct NewsBox(Mutex<WorkerNews>);

impl NewsBox {
    /// What was told since the last call.
    pub fn take(&self) -> WorkerNews {
        self.0.lock().map(|mut news| take(&mut *news)).unwrap_or_default()
    }
}

/// What one worker has told of what it records.
#[derive(Debug, Default)]
pub struct Reporter {
    epochs: usize,
    fine: usize,
    issued: usize,
    completed: usize,
    departures: Vec<usize>,
}

impl Reporter {
    /// Tells where the worker is and what is new, unless somebody is just taking it: then it is told the next time. State that left is given by
    /// operator.
    pub fn report<'a>(
        &mut self,
        to: &NewsBox,
        place: WorkerPlace,
        epochs: &EpochHistograms,
        steps: &[StepRecord],
        departures: impl Iterator<Item = &'a [Departure]>,
    ) {
        let Ok(mut news) = to.0.try_lock() else { return };
        for (told, (closed, epoch_ns)) in [(&mut self.epochs, epochs.closed()), (&mut self.fine, epochs.closed_fine())]
        {
            news.epochs.extend(closed[*told..].iter().map(|counts| part_of(counts, epoch_ns)));
            *told = closed.len();
        }
        for step in &steps[self.issued..] {
            news.steps.push(StepRecord { completed: None, ..step.clone() });
        }
        self.issued = steps.len();
        while let Some(step) = steps.get(self.completed).filter(|step| step.completed.is_some()) {
            news.steps.push(step.clone());
            self.completed += 1;
        }
        for (operator, departed) in departures.enumerate() {
            if self.departures.len() == operator {
                self.departures.push(0);
            }
            news.departures.extend_from_slice(&departed[self.departures[operator]..]);
            self.departures[operator] = departed.len();
        }
        news.place = Some(place);
    }
}

fn part_of(EpochCounts { epoch, counts }: &EpochCounts, epoch_ns: u64) -> EpochPart {
    let mut part = EpochPart {
        epoch_ns,
        epoch: *epoch,
        min_ns: counts.min_ns,
        max_ns: counts.max_ns,
        indexes: Vec::new(),
        counts: Vec::new(),
    };
    for (&index, &count) in counts.indexes.iter().zip(&counts.counts) {
        match part.indexes.last_mut() {
            Some(last) if *last >> JOINED == index >> JOINED => *part.counts.last_mut().unwrap() += count,
            _ => {
                // Of those told as one the last stands for all, so that nothing is told too low.
                part.indexes.push(index | ((1 << JOINED) - 1));
                part.counts.push(count);
            }
        }
    }
    if let (Some(last), Some(&exact)) = (part.indexes.last_mut(), counts.indexes.last()) {
        *last = exact;
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_everything_once() {
        let mut epochs = EpochHistograms::new(1000, None);
        for intended_ns in [10, 20, 1500] {
            epochs.at(intended_ns).0.record(5000 + intended_ns, 5000 + intended_ns, 2);
        }
        let mut step = StepRecord { migration: 0, step: 0, time: 7, issued: 5, completed: None, bins: 1 };
        let departures = [Departure { time: 7, bins: 1, bytes: 64 }];
        let place = |told_ns| WorkerPlace { elapsed_ms: 1.0, sent: 3, frontier: Some(9), told_ns };
        let (news, mut reporter) = (NewsBox::default(), Reporter::default());
        let mut told = |step: &StepRecord| {
            let steps = std::slice::from_ref(step);
            reporter.report(&news, place(epochs.open_from_ns()), &epochs, steps, [&departures[..]].into_iter());
            news.take()
        };
        let first = told(&step);
        assert_eq!(first.place.unwrap().told_ns, 1000);
        assert_eq!((first.epochs.len(), first.steps.len(), first.departures.len()), (1, 1, 1));
        assert_eq!(first.epochs[0].counts.iter().sum::<u64>(), 4);
        assert_eq!(first.epochs[0].max_ns, 5020);
        step.completed = Some(8);
        let second = told(&step);
        assert_eq!((second.epochs.len(), second.departures.len()), (0, 0));
        assert_eq!(second.steps[0].completed, Some(8));
        assert!(told(&step).steps.is_empty());
    }
}
