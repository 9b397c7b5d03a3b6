//! What the workers of one process show to its other threads: the start of the clock, thread ids, sizes of state.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::live::{NewsBox, WorkerNews};
use crate::megaphone::pieces::Piece;

/// The start of the clock.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// On the monotonic clock.
    pub instant: Instant,
    /// Wall-clock milliseconds.
    pub wall_ms: f64,
}

/// One worker's part, on a cache line of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct WorkerStats {
    thread_id: AtomicU64,
    state_bytes: AtomicU64,
    news: NewsBox,
}

/// Shared by the threads of one process.
#[derive(Debug)]
pub struct Shared {
    start: OnceLock<Start>,
    stats: Vec<WorkerStats>,
    first_worker: usize,
    queued_bytes: AtomicI64,
    is_watched: AtomicBool,
}

impl Shared {
    /// For the process with the workers from `first_worker` on.
    pub fn new(first_worker: usize, workers: usize) -> Self {
        Self {
            start: OnceLock::new(),
            stats: (0..workers).map(|_| WorkerStats::default()).collect(),
            first_worker,
            queued_bytes: AtomicI64::new(0),
            is_watched: AtomicBool::new(false),
        }
    }

    /// The start of the clock: now, for the first worker that has passed the barrier, and the same for the others.
    pub fn start_now(&self) -> Start {
        *self.start.get_or_init(|| Start {
            instant: Instant::now(),
            wall_ms: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1e3),
        })
    }

    /// The start of the clock, once it has started.
    pub fn started(&self) -> Option<Start> {
        self.start.get().copied()
    }

    /// Workers of this process.
    pub fn workers(&self) -> usize {
        self.stats.len()
    }

    /// Tells which thread runs a worker: the calling one.
    pub fn enter(&self, worker: usize) {
        let link = std::fs::read_link("/proc/thread-self").ok();
        let id = link.and_then(|path| path.file_name()?.to_str()?.parse().ok());
        self.stats[worker].thread_id.store(id.unwrap_or(0), Relaxed);
    }

    /// The thread of a worker; 0 when it is not known.
    pub fn thread_id(&self, worker: usize) -> u64 {
        self.stats[worker].thread_id.load(Relaxed)
    }

    /// Tells the bytes of state that a worker hosts.
    pub fn show(&self, worker: usize, state_bytes: u64) {
        self.stats[worker].state_bytes.store(state_bytes, Relaxed);
    }

    /// From now on somebody takes what the workers tell.
    pub fn watch(&self) {
        self.is_watched.store(true, Relaxed);
    }

    /// Whether somebody takes what the workers tell.
    pub fn is_watched(&self) -> bool {
        self.is_watched.load(Relaxed)
    }

    /// Where a worker tells of itself.
    pub fn news_of(&self, worker: usize) -> &NewsBox {
        &self.stats[worker].news
    }

    /// What all workers of this process have told since the last call, in their order.
    pub fn take_news(&self) -> Vec<WorkerNews> {
        self.stats.iter().map(|stats| stats.news.take()).collect()
    }

    /// Counts a piece of state that left a worker; one for another process is not followed.
    pub fn departed(&self, piece: &Piece) {
        if self.is_here(piece.to) {
            self.queued_bytes.fetch_add(8 * piece.words.len() as i64, Relaxed);
        }
    }

    /// Counts a piece of state that reached a worker.
    pub fn arrived(&self, piece: &Piece) {
        if self.is_here(piece.from) {
            self.queued_bytes.fetch_sub(8 * piece.words.len() as i64, Relaxed);
        }
    }

    /// Bytes of state over all workers of this process.
    pub fn state_bytes(&self) -> u64 {
        self.stats.iter().map(|stats| stats.state_bytes.load(Relaxed)).sum()
    }

    /// Bytes of state that are on their way between workers of this process.
    pub fn queued_bytes(&self) -> u64 {
        self.queued_bytes.load(Relaxed).max(0) as u64
    }

    fn is_here(&self, worker: u32) -> bool {
        (self.first_worker..self.first_worker + self.stats.len()).contains(&(worker as usize))
    }
}
