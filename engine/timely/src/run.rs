//! A run on one worker: dataflow, load, clock, latencies.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use timely::dataflow::ProbeHandle;
use timely::synchronization::Barrier;
use timely::worker::Worker;

use crate::controller::Controller;
use crate::input::schedule::Schedule;
use crate::live::{Reporter, WorkerPlace};
use crate::megaphone::control::{ControlHandle, ControlSource};
use crate::megaphone::migratable::{Migratable, observed_by};
use crate::metrics::digest::Digest;
use crate::metrics::epochs::EpochHistograms;
use crate::metrics::latency::FrontierLatency;
use crate::results::{StepRecord, WorkerResult};
use crate::shared::{Shared, Start};
use crate::source::Source;
use crate::source::window::Window;
use crate::spec::RunSpec;
use crate::time::{CLOSED, FIRST_TICK, Timestamp};
use crate::workloads::build;

/// How often a worker refreshes what it shows.
const STATS_INTERVAL_NS: u64 = 50_000_000;
/// A worker that has a processor of its own does not sleep when it has nothing to do for less than this: waking takes about as long.
const SHORTEST_SLEEP_NS: u64 = 120_000;
/// How much earlier it wakes than it has to.
const WAKE_EARLY_NS: u64 = 60_000;
/// How long a worker waits for others while it loads, before it looks again.
const LOAD_PATIENCE: Duration = Duration::from_micros(100);

/// A worker's place among those of its process.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Number of the worker in its process.
    pub local: usize,
    /// Whether there are more workers on this machine than processors: a worker without work leaves its processor to others then.
    pub is_crowded: bool,
}

/// The dataflow of a run on one worker.
pub struct Built {
    /// This worker's part of the input.
    pub source: Box<dyn Source>,
    /// The migratable operators in the order of the dataflow.
    pub migratables: Vec<Migratable>,
    /// Input of the control stream, where there is one.
    pub control: Option<ControlHandle>,
}

/// The part of a run that one worker does.
struct Run<'a> {
    spec: &'a RunSpec,
    shared: &'a Shared,
    place: Place,
    source: Box<dyn Source>,
    window: Window,
    control: Option<ControlSource>,
    steps: Vec<StepRecord>,
    migratables: Vec<Migratable>,
    done: ProbeHandle<Timestamp>,
    latency: FrontierLatency,
    sent_in_time: u64,
    next_stats_ns: u64,
    reporter: Reporter,
}

/// Runs a worker to the end.
///
/// # Errors
/// When the specification names something that does not exist.
pub fn run_worker(
    worker: &mut Worker,
    spec: &RunSpec,
    shared: &Arc<Shared>,
    place: Place,
) -> Result<WorkerResult, String> {
    shared.enter(place.local);
    let (index, peers) = (worker.index(), worker.peers());
    let schedule = Schedule::new(spec.rate_per_second, spec.tick_ns, spec.total);
    let digest = Rc::new(RefCell::new(Digest::default()));
    let done = ProbeHandle::new();
    let mut barrier = Barrier::new(worker);
    let built = worker.dataflow(|scope| build(scope, spec, schedule, shared, &digest, &done))?;
    let epochs = EpochHistograms::new(spec.epoch_ns, spec.fine.clone());
    let controller = || Controller::new(spec.migrations.clone(), spec.rehearsal.clone(), spec.end_tick);
    let mut run = Run {
        spec,
        shared,
        place,
        source: built.source,
        window: Window::default(),
        // The other workers have nothing to say.
        control: built
            .control
            .filter(|_| index == 0)
            .map(|handle| ControlSource::new(handle, controller(), spec.lookahead_ticks, peers)),
        steps: Vec::new(),
        migratables: built.migratables,
        done,
        latency: FrontierLatency::new(schedule, index as u64, peers as u64, epochs),
        sent_in_time: 0,
        next_stats_ns: 0,
        reporter: Reporter::default(),
    };
    run.load(worker);
    barrier.wait();
    drop(barrier);
    run.measure(worker, shared.start_now());
    Ok(run.finish(&digest.borrow()))
}

impl Run<'_> {
    /// Loads the state and rehearses migrations: until the output has reached the start of the clock on all workers.
    fn load(&mut self, worker: &mut Worker) {
        loop {
            let completed = observed_by(&self.done);
            if self.source.loaded() && completed >= FIRST_TICK {
                break;
            }
            let is_waiting = self.step_inputs(0, completed) == CLOSED || self.source.loaded();
            if is_waiting {
                worker.step_or_park(Some(LOAD_PATIENCE));
            } else {
                worker.step();
            }
        }
        // Before the barrier: the first sample of memory counts the state of all workers.
        self.show();
    }

    /// Runs until everything has left the dataflow.
    fn measure(&mut self, worker: &mut Worker, start: Start) {
        let sending_ends_ns = (self.spec.duration_s * 1e9) as u64 + self.spec.epoch_ns;
        let elapsed_ns = || start.instant.elapsed().as_nanos() as u64;
        while !self.done.done() {
            let now_ns = elapsed_ns();
            let now = FIRST_TICK + now_ns / self.spec.tick_ns;
            let idle_until = self.step_inputs(now, observed_by(&self.done));
            if now_ns <= sending_ends_ns {
                self.sent_in_time = self.source.sent();
            }
            let idle_ns = (idle_until - FIRST_TICK).saturating_mul(self.spec.tick_ns).saturating_sub(now_ns);
            let sleep_ns = match self.place.is_crowded {
                true => idle_ns,
                false if idle_ns < SHORTEST_SLEEP_NS => 0,
                false => idle_ns - WAKE_EARLY_NS,
            };
            worker.step_or_park(Some(Duration::from_nanos(sleep_ns)));
            self.latency.update(observed_by(&self.done), elapsed_ns);
            if now_ns >= self.next_stats_ns {
                self.next_stats_ns = now_ns + STATS_INTERVAL_NS;
                self.show();
                if self.shared.is_watched() {
                    self.tell(elapsed_ns());
                }
            }
        }
        self.show();
    }

    /// Lets source and control stream send what is due; returns when one of them has something to do again.
    fn step_inputs(&mut self, now: Timestamp, completed: Timestamp) -> Timestamp {
        let mut idle_until = CLOSED;
        if self.window.bound() < CLOSED {
            let paused = self.window.is_full(completed);
            let bound = self.source.step(now, paused);
            if !paused {
                self.window.sent_until(bound);
                idle_until = bound;
            } else if !self.place.is_crowded {
                idle_until = now;
            }
        }
        if let Some(mut control) = self.control.take() {
            match control.step(now, completed) {
                Some(next) => {
                    idle_until = idle_until.min(next);
                    self.control = Some(control);
                }
                None => self.steps = control.close().into_log(),
            }
        }
        idle_until.max(FIRST_TICK)
    }

    fn show(&mut self) {
        let bytes = self.migratables.iter_mut().map(|operator| (operator.state_bytes)());
        self.shared.show(self.place.local, bytes.sum());
    }

    /// Tells what is new to who watches.
    fn tell(&mut self, elapsed_ns: u64) {
        let frontier = observed_by(&self.done);
        let place = WorkerPlace {
            elapsed_ms: elapsed_ns as f64 / 1e6,
            sent: self.source.sent(),
            frontier: (frontier != CLOSED).then(|| frontier.saturating_sub(FIRST_TICK)),
            told_ns: self.latency.epochs().open_from_ns(),
        };
        let steps = self.control.as_ref().map_or(&self.steps[..], ControlSource::log);
        let departures: Vec<_> = self.migratables.iter().map(|operator| operator.departures.borrow()).collect();
        let departed = departures.iter().map(|departed| &departed[..]);
        let news = self.shared.news_of(self.place.local);
        self.reporter.report(news, place, self.latency.epochs(), steps, departed);
    }

    fn finish(self, digest: &Digest) -> WorkerResult {
        let departures = self.migratables.iter().map(|operator| operator.departures.take());
        WorkerResult {
            epochs: self.latency.finish(),
            digest: digest.value(),
            sent_in_time: self.sent_in_time,
            steps: self.steps,
            departures: departures.flatten().collect(),
            collections: [],
        }
    }
}
