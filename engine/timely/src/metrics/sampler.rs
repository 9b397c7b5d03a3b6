//! Samples of memory and scheduling of this process, taken by a thread of its own from /proc while the workers run.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::live::WorkerNews;
use crate::results::{MemoryRow, Observed, OtherThreads, SchedulerRow};
use crate::shared::Shared;

/// Time between two samples of memory.
const SAMPLE: Duration = Duration::from_millis(50);
/// Time between two messages of a load's progress.
const LOAD_PROGRESS: Duration = Duration::from_millis(250);
/// Epochs between two times at which whoever watches is told what the workers tell.
const EPOCHS_PER_SHARE: u64 = 4;
/// Milliseconds per unit of /proc/stat.
const STAT_UNIT_MS: u64 = 10;
const TASKS: &str = "/proc/self/task";

/// What is observed, and how it is told.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Number of this process's first worker.
    pub first_worker: usize,
    /// Length of an epoch.
    pub epoch_ns: u64,
    /// Length of the schedule.
    pub duration_s: f64,
    /// From when on this file exists it holds what the workers tell of themselves.
    pub watched: Option<PathBuf>,
}

/// A line on standard output: how far this process is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress<'a> {
    phase: &'a str,
    elapsed_s: f64,
    total_s: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Share>,
}

/// What this process tells of itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Share {
    workers: Vec<WorkerNews>,
    rss_bytes: u64,
    state_bytes: u64,
}

/// Starts the thread. It ends when the sender of `stop` is dropped, and returns what it saw.
pub fn start(observation: Observation, shared: Arc<Shared>, stop: Receiver<()>) -> JoinHandle<Observed> {
    std::thread::spawn(move || {
        let mut sampler = Sampler {
            observation,
            shared,
            stop,
            observed: Observed::default(),
            threads: Vec::new(),
            others: HashMap::new(),
            steal_ms: 0,
        };
        sampler.run();
        sampler.observed
    })
}

/// Time that a thread has had since it started.
#[derive(Clone, Copy, Debug, Default)]
struct ThreadTimes {
    on_cpu_ns: u64,
    wait_ns: u64,
    slices: u64,
}

struct Sampler {
    observation: Observation,
    shared: Arc<Shared>,
    stop: Receiver<()>,
    observed: Observed,
    /// Number of the worker, path of its account, its last account.
    threads: Vec<(usize, String, ThreadTimes)>,
    /// Accounts of the other threads at the start.
    others: HashMap<String, ThreadTimes>,
    steal_ms: u64,
}

impl Sampler {
    fn run(&mut self) {
        let Some(start) = self.await_start() else { return };
        for worker in 0..self.shared.workers() {
            let path = format!("{TASKS}/{}/schedstat", self.shared.thread_id(worker));
            let times = read_times(&path).unwrap_or_default();
            self.threads.push((self.observation.first_worker + worker, path, times));
        }
        self.steal_ms = read_steal_ms().unwrap_or(0);
        self.others = self.other_times();
        let mut samples = 0u64;
        let mut epoch = 0u64;
        let epoch_length = Duration::from_nanos(self.observation.epoch_ns);
        loop {
            self.sample_memory(samples);
            samples += 1;
            let due = start + SAMPLE * samples as u32;
            if self.stopped_within(due.saturating_duration_since(Instant::now())) {
                break;
            }
            if SAMPLE * samples as u32 >= epoch_length * (epoch as u32 + 1) {
                self.sample_scheduler(epoch);
                epoch += 1;
                self.look_for_watchers();
                let share = if epoch % EPOCHS_PER_SHARE == 0 { self.share() } else { None };
                self.show("run", start.elapsed(), self.observation.duration_s, share);
            }
        }
        let mut others = OtherThreads::default();
        for (id, after) in self.other_times() {
            let before = self.others.get(&id).copied().unwrap_or_default();
            others.processor_ms += (after.on_cpu_ns - before.on_cpu_ns) as f64 / 1e6;
            others.slices += after.slices - before.slices;
        }
        self.observed.others = others;
    }

    /// Waits for the start barrier; none when the run has ended before.
    fn await_start(&mut self) -> Option<Instant> {
        let begun = Instant::now();
        let mut shown = begun;
        loop {
            if let Some(start) = self.shared.started() {
                self.observed.started_at_ms = start.wall_ms;
                self.observed.load_s = start.instant.saturating_duration_since(begun).as_secs_f64();
                return Some(start.instant);
            }
            if self.stopped_within(Duration::from_millis(2)) {
                return None;
            }
            if shown.elapsed() >= LOAD_PROGRESS {
                shown = Instant::now();
                self.show("load", begun.elapsed(), 0.0, None);
            }
        }
    }

    fn stopped_within(&self, duration: Duration) -> bool {
        !matches!(self.stop.recv_timeout(duration), Err(RecvTimeoutError::Timeout))
    }

    /// What the workers have told since the last time; none as long as nobody watches.
    fn share(&self) -> Option<Share> {
        let memory = self.observed.memory.last().filter(|_| self.shared.is_watched())?;
        Some(Share { workers: self.shared.take_news(), rss_bytes: memory.rss_bytes, state_bytes: memory.state_bytes })
    }

    fn show(&self, phase: &str, elapsed: Duration, total_s: f64, share: Option<Share>) {
        let progress = Progress { phase, elapsed_s: elapsed.as_secs_f64(), total_s, share };
        let Ok(line) = serde_json::to_string(&progress) else { return };
        // A reader that has gone away is told nothing more.
        let _ = std::io::stdout().write_all(format!("{line}\n").as_bytes());
    }

    /// Lets the workers tell of themselves once somebody watches.
    fn look_for_watchers(&self) {
        if !self.shared.is_watched() && self.observation.watched.as_ref().is_some_and(|file| file.exists()) {
            self.shared.watch();
        }
    }

    fn sample_memory(&mut self, samples: u64) {
        let (minor_faults, major_faults) = read_faults().unwrap_or_default();
        self.observed.memory.push(MemoryRow {
            time_s: samples as f64 * SAMPLE.as_secs_f64(),
            rss_bytes: read_rss_bytes().unwrap_or(0),
            state_bytes: self.shared.state_bytes(),
            queued_bytes: self.shared.queued_bytes(),
            minor_faults,
            major_faults,
        });
    }

    fn sample_scheduler(&mut self, epoch: u64) {
        let steal_ms = read_steal_ms().unwrap_or(self.steal_ms);
        let stolen_ms = steal_ms.saturating_sub(self.steal_ms);
        self.steal_ms = steal_ms;
        for (worker, path, times) in &mut self.threads {
            let before = *times;
            *times = read_times(path).unwrap_or(before);
            self.observed.scheduler.push(SchedulerRow {
                epoch,
                worker: *worker,
                on_cpu_ns: times.on_cpu_ns - before.on_cpu_ns,
                run_queue_wait_ns: times.wait_ns - before.wait_ns,
                steal_ms: stolen_ms,
            });
        }
    }

    fn other_times(&self) -> HashMap<String, ThreadTimes> {
        let Ok(tasks) = fs::read_dir(TASKS) else { return HashMap::new() };
        tasks
            .flatten()
            .map(|task| format!("{}/schedstat", task.path().display()))
            .filter(|path| !self.threads.iter().any(|(_, worker, _)| worker == path))
            .filter_map(|path| read_times(&path).map(|times| (path, times)))
            .collect()
    }
}

fn read_times(path: &str) -> Option<ThreadTimes> {
    let text = fs::read_to_string(path).ok()?;
    let mut numbers = text.split_ascii_whitespace().map(|number| number.parse().ok());
    Some(ThreadTimes { on_cpu_ns: numbers.next()??, wait_ns: numbers.next()??, slices: numbers.next()?? })
}

/// The eighth number of the machine's line is the time that a hypervisor gave to others.
fn read_steal_ms() -> Option<u64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let steal: u64 = text.lines().next()?.split_ascii_whitespace().nth(8)?.parse().ok()?;
    Some(steal * STAT_UNIT_MS)
}

/// Minor and major page faults of this process.
fn read_faults() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold spaces.
    let mut fields = text.rsplit_once(") ")?.1.split_ascii_whitespace();
    let minor = fields.nth(7)?.parse().ok()?;
    let major = fields.nth(1)?.parse().ok()?;
    Some((minor, major))
}

fn read_rss_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
