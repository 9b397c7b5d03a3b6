//! What runs compute: word count and the NEXMark queries, each with and without migration.

pub mod nexmark;
pub mod word_count;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use timely::container::CapacityContainerBuilder;
use timely::dataflow::operators::InspectCore;
use timely::dataflow::operators::Probe;
use timely::dataflow::operators::generic::operator::empty;
use timely::dataflow::{InputHandle, ProbeHandle, Scope, StreamVec};

use crate::input::schedule::Schedule;
use crate::input::words::WordGenerator;
use crate::megaphone::binning::Binning;
use crate::megaphone::control::{ControlHandle, Update};
use crate::megaphone::kernel::{Kernel, Record};
use crate::megaphone::migratable::{Control, Migratable, migratable};
use crate::megaphone::native::{by_hash, native};
use crate::metrics::digest::{Digest, Row};
use crate::run::Built;
use crate::shared::Shared;
use crate::source::words::WordSource;
use crate::spec::{RunSpec, Variant};
use crate::time::Timestamp;
use word_count::{HashCount, Key, KeyCount};

/// Two bins are the fewest.
const FEWEST_BINS_LOG2: u32 = 1;

/// A stream of this crate.
pub type Stream<'scope, D> = StreamVec<'scope, Timestamp, D>;

/// What dataflows are built with.
pub struct Builder<'a, 'scope> {
    /// The dataflow.
    pub scope: Scope<'scope, Timestamp>,
    /// The run.
    pub spec: &'a RunSpec,
    /// When records are due.
    pub schedule: Schedule,
    control: Option<Control<'scope>>,
    migratables: Vec<Migratable>,
    digest: Rc<RefCell<Digest>>,
    done: &'a ProbeHandle<Timestamp>,
}

impl<'scope> Builder<'_, 'scope> {
    /// An operator with one input, migratable where the run's variant is.
    pub fn unary<K: Kernel<Right = ()>>(
        &mut self,
        left: Stream<'scope, K::Left>,
        kernel: K,
    ) -> Stream<'scope, K::Output> {
        self.unary_in_bins(left, FEWEST_BINS_LOG2, kernel)
    }

    /// The same, with 2^`native_shift` bins on every worker where bins do not move.
    pub fn unary_in_bins<K: Kernel<Right = ()>>(
        &mut self,
        left: Stream<'scope, K::Left>,
        native_shift: u32,
        kernel: K,
    ) -> Stream<'scope, K::Output> {
        let right = empty(self.scope);
        self.build(left, right, native_shift, by_hash, kernel)
    }

    /// An operator with two inputs; equal keys meet.
    pub fn binary<K: Kernel>(
        &mut self,
        left: Stream<'scope, K::Left>,
        right: Stream<'scope, K::Right>,
        kernel: K,
    ) -> Stream<'scope, K::Output> {
        self.binary_in_bins(left, right, FEWEST_BINS_LOG2, kernel)
    }

    /// The same, with 2^`native_shift` bins on every worker where bins do not move.
    pub fn binary_in_bins<K: Kernel>(
        &mut self,
        left: Stream<'scope, K::Left>,
        right: Stream<'scope, K::Right>,
        native_shift: u32,
        kernel: K,
    ) -> Stream<'scope, K::Output> {
        self.build(left, right, native_shift, by_hash, kernel)
    }

    /// An operator; where bins do not move, `worker_of` routes by (key, workers).
    fn build<K: Kernel>(
        &mut self,
        left: Stream<'scope, K::Left>,
        right: Stream<'scope, K::Right>,
        native_shift: u32,
        worker_of: impl Fn(u64, usize) -> usize + Copy + 'static,
        kernel: K,
    ) -> Stream<'scope, K::Output> {
        match &self.control {
            None => native(self.scope, left, right, native_shift, worker_of, kernel),
            Some(control) => {
                let (results, operator) = migratable(self.scope, left, right, control, kernel);
                self.migratables.push(operator);
                results
            }
        }
    }

    /// Whether bins can move.
    pub fn is_migratable(&self) -> bool {
        self.control.is_some()
    }

    /// Ends the dataflow: results go to the digest.
    pub fn finish<const COLUMNS: usize, R: Row<COLUMNS> + Record>(&self, results: Stream<'scope, R>) {
        let digest = Rc::clone(&self.digest);
        results
            .inspect_container(move |event| {
                if let Ok((_, rows)) = event {
                    digest.borrow_mut().add(rows);
                }
            })
            .probe_with(self.done);
    }
}

/// Builds the dataflow of a run.
///
/// # Errors
/// When there is no such workload, or a parameter is missing.
pub fn build<'scope>(
    scope: Scope<'scope, Timestamp>,
    spec: &RunSpec,
    schedule: Schedule,
    shared: &Arc<Shared>,
    digest: &Rc<RefCell<Digest>>,
    done: &ProbeHandle<Timestamp>,
) -> Result<Built, String> {
    let mut handle = None;
    let control = (spec.workload.variant == Variant::Megaphone).then(|| {
        let mut input: ControlHandle = InputHandle::<Timestamp, CapacityContainerBuilder<Vec<Update>>>::new();
        let stream = input.to_stream(scope);
        handle = Some(input);
        Control { stream, bin_shift: spec.bin_shift, initial: spec.initial.clone(), shared: Arc::clone(shared) }
    });
    let mut builder =
        Builder { scope, spec, schedule, control, migratables: Vec::new(), digest: Rc::clone(digest), done };
    let source: Box<dyn crate::source::Source> = match spec.workload.name.as_str() {
        "key-count" if spec.workload.wide_keys => Box::new(key_count::<u64>(&mut builder)),
        "key-count" => Box::new(key_count::<u32>(&mut builder)),
        "hash-count" if spec.workload.wide_keys => Box::new(hash_count::<u64>(&mut builder)),
        "hash-count" => Box::new(hash_count::<u32>(&mut builder)),
        name => match nexmark::build(&mut builder, name) {
            Some(source) => Box::new(source?),
            None => return Err(format!("there is no workload {name}")),
        },
    };
    Ok(Built { source, migratables: builder.migratables, control: handle })
}

/// Groups of keys of a native key-count are at least as many times the workers, unless they divide evenly.
const GROUPS_PER_WORKER: usize = 64;

fn key_count<I: Key>(builder: &mut Builder) -> WordSource<I>
where
    (I, I): Row<2>,
{
    let (words, source) = words(builder);
    let peers = builder.scope.peers();
    let groups = if peers.is_power_of_two() { peers } else { GROUPS_PER_WORKER * peers };
    let native_shift = groups.next_power_of_two().trailing_zeros().max(1);
    let shift = if builder.is_migratable() { builder.spec.bin_shift } else { native_shift };
    let binning = <KeyCount<I> as Kernel>::Binning::new(native_shift);
    let by_group = move |key, peers| binning.bin_of(key) % peers;
    let kernel = KeyCount::new(builder.spec.workload.domain, shift);
    let none = empty(builder.scope);
    let counts = builder.build(words, none, native_shift, by_group, kernel);
    builder.finish(counts);
    source
}

fn hash_count<I: Key>(builder: &mut Builder) -> WordSource<I>
where
    (I, I): Row<2>,
{
    let (words, source) = words(builder);
    let counts = builder.unary(words, HashCount::new());
    builder.finish(counts);
    source
}

/// The scheduled identifiers, after every key of the domain was loaded once.
fn words<'scope, I: Key>(builder: &Builder<'_, 'scope>) -> (Stream<'scope, I>, WordSource<I>) {
    let RunSpec { workload, seed, .. } = builder.spec;
    let exponent = workload.parameters.get("zipf").copied().unwrap_or(0.0);
    let generator = WordGenerator::new(*seed, workload.domain, exponent);
    let mut input = InputHandle::<Timestamp, CapacityContainerBuilder<Vec<I>>>::new();
    let stream = input.to_stream(builder.scope);
    let (worker, peers) = (builder.scope.worker().index(), builder.scope.peers());
    let source = WordSource::new(input, builder.schedule, generator, workload.domain, worker, peers);
    (stream, source)
}
