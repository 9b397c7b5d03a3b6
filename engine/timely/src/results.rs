//! What a process brings home, in the shapes that the harness merges. Ticks count from the start barrier.

use serde::Serialize;

use crate::metrics::epochs::WorkerEpochs;

/// A digest at rest.
#[derive(Clone, Debug, Serialize)]
pub struct DigestValue {
    /// Number of records.
    pub records: u64,
    /// Sum of their hashes: 16 lowercase hexadecimal digits.
    pub sum: String,
}

/// A step that was issued.
#[derive(Clone, Debug, Serialize)]
pub struct StepRecord {
    /// Index of the migration.
    pub migration: usize,
    /// Index of the step in its migration.
    pub step: usize,
    /// When the step takes effect.
    pub time: u64,
    /// When it was issued.
    pub issued: u64,
    /// When the controller saw that the output frontier had passed `time`.
    pub completed: Option<u64>,
    /// Bins that it moves.
    pub bins: usize,
}

/// State that one worker sent away at one time.
#[derive(Clone, Debug, Serialize)]
pub struct Departure {
    /// Time of the updates.
    pub time: u64,
    /// Bins that left.
    pub bins: u64,
    /// Bytes of their contents.
    pub bytes: u64,
}

/// What a worker brings home.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerResult {
    /// Latencies of this worker's records.
    pub epochs: WorkerEpochs,
    /// Digest of this worker's outputs.
    pub digest: DigestValue,
    /// Records sent before the end of the schedule plus one epoch.
    pub sent_in_time: u64,
    /// Steps issued; on worker 0 only.
    pub steps: Vec<StepRecord>,
    /// State that left this worker.
    pub departures: Vec<Departure>,
    /// There is no garbage to collect.
    pub collections: [(); 0],
}

/// A sample of memory.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryRow {
    /// Seconds since the start barrier.
    pub time_s: f64,
    /// Resident set.
    pub rss_bytes: u64,
    /// State hosted by the workers.
    pub state_bytes: u64,
    /// Bytes of state on their way between the workers of this process.
    pub queued_bytes: u64,
    /// Page faults since the process started.
    pub minor_faults: u64,
    /// Those that had to read from a disk.
    pub major_faults: u64,
}

/// A worker thread during an epoch.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchedulerRow {
    /// The epoch.
    pub epoch: u64,
    /// The worker.
    pub worker: usize,
    /// Time on a processor.
    pub on_cpu_ns: u64,
    /// Time waiting for one.
    pub run_queue_wait_ns: u64,
    /// Time that a hypervisor gave to others.
    pub steal_ms: u64,
}

/// What the threads beside the workers took.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherThreads {
    /// Time on a processor.
    pub processor_ms: f64,
    /// How many times one of them was given a processor.
    pub slices: u64,
}

/// What was observed in one process.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observed {
    /// Memory samples, every 50 ms from the start of the clock on.
    pub memory: Vec<MemoryRow>,
    /// What the scheduler did to each worker, per epoch.
    pub scheduler: Vec<SchedulerRow>,
    /// Wall-clock time of the start barrier.
    pub started_at_ms: f64,
    /// How long loading took.
    pub load_s: f64,
    /// What the threads beside the workers took.
    pub others: OtherThreads,
}

/// The file that a process writes at its end.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessResult {
    /// The workers of this process in order.
    pub results: Vec<WorkerResult>,
    /// What was observed.
    pub observed: Observed,
}
