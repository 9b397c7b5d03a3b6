//! One process of a run: its workers, what is observed of them, and the file that it leaves.

use std::any::Any;
use std::fs;
use std::io::Write;
use std::sync::mpsc::channel;
use std::sync::{Arc, Once};

use timely::WorkerConfig;
use timely::communication::{AllocatorBuilder, Config as CommunicationConfig};
use timely::execute::execute_from;

use crate::arguments::RunArguments;
use crate::metrics::sampler::{Observation, start};
use crate::network::connect;
use crate::results::ProcessResult;
use crate::run::{Place, run_worker};
use crate::shared::Shared;
use crate::spec::RunSpec;

/// Why there are no results.
#[derive(Debug)]
pub enum Failure {
    /// The arguments or the specification are wrong.
    Input(String),
    /// The run has failed.
    Run(String),
}

/// Runs the workers of this process, and writes what they bring home.
///
/// # Errors
/// When the specification is wrong, or the results cannot be written. A worker that fails, or a process that is lost, ends this process at
/// once.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let RunArguments { workers, process, .. } = *arguments;
    let spec = read_spec(arguments).map_err(Failure::Input)?;
    die_of_any_panic();
    if arguments.is_until_eof {
        std::thread::spawn(end_at_eof);
    }
    let shared = Arc::new(Shared::new(process * workers, workers));
    let observation = Observation {
        first_worker: process * workers,
        epoch_ns: spec.epoch_ns,
        duration_s: spec.duration_s,
        watched: arguments.watched.clone(),
    };
    let (stop, stopped) = channel();
    let sampler = start(observation, Arc::clone(&shared), stopped);
    let (builders, guard) = communication(arguments).map_err(Failure::Run)?;
    let config = WorkerConfig::default().progress_mode(arguments.progress_mode);
    let is_crowded = is_crowded(arguments);
    let on_worker = {
        let shared = Arc::clone(&shared);
        move |worker: &mut timely::worker::Worker| {
            let place = Place { local: worker.index() % workers, is_crowded };
            run_worker(worker, &spec, &shared, place)
        }
    };
    let guards = execute_from(builders, guard, config, on_worker).map_err(Failure::Run)?;
    let results = guards.join().into_iter().map(|result| result.and_then(|result| result));
    let results = results.collect::<Result<Vec<_>, _>>().map_err(Failure::Run)?;
    drop(stop);
    let observed = sampler.join().map_err(|_| Failure::Run("the sampler has failed".into()))?;
    write(arguments, &ProcessResult { results, observed }).map_err(Failure::Run)
}

/// Whether the processes of this machine have more workers than there are processors.
fn is_crowded(RunArguments { workers, addresses, process, .. }: &RunArguments) -> bool {
    let host = |address: &str| address.rsplit_once(':').map_or(address, |(host, _)| host).to_owned();
    let here = host(&addresses[*process]);
    let processes = addresses.iter().filter(|address| host(address) == here).count();
    let processors = std::thread::available_parallelism().map_or(1, |count| count.get());
    workers * processes > processors
}

fn read_spec(arguments: &RunArguments) -> Result<RunSpec, String> {
    let path = arguments.spec.display();
    let text = fs::read_to_string(&arguments.spec).map_err(|error| format!("{path}: {error}"))?;
    let spec = RunSpec::parse(&text).map_err(|problem| format!("{path}: {problem}"))?;
    spec.check(arguments.workers * arguments.addresses.len()).map_err(|problem| format!("{path}: {problem}"))?;
    Ok(spec)
}

/// What the workers communicate by, and what has to be kept meanwhile.
fn communication(arguments: &RunArguments) -> Result<(Vec<AllocatorBuilder>, Box<dyn Any + Send>), String> {
    let RunArguments { workers, process, .. } = *arguments;
    match (arguments.addresses.len(), workers) {
        (1, 1) => CommunicationConfig::Thread.try_build(),
        (1, _) => CommunicationConfig::Process(workers).try_build(),
        _ => connect(&arguments.addresses, process, workers).map_err(|error| error.to_string()),
    }
}

/// A worker or a link that fails takes the process with it: the others would wait for it forever. Only the first says why.
fn die_of_any_panic() {
    static FIRST: Once = Once::new();
    std::panic::set_hook(Box::new(|panic| {
        FIRST.call_once(|| {
            let message = text_of(panic.payload()).replace('\n', " ");
            eprintln!("megaphone-timely: {message}");
            std::process::exit(1);
        });
    }));
}

/// Ends this process when whoever holds the other end of its standard input is gone, however that ended.
fn end_at_eof() {
    let gone = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
    let why = gone.err().map_or_else(|| "was closed".into(), |error| error.to_string());
    eprintln!("megaphone-timely: the standard input {why}: nobody wants the results any more");
    std::process::exit(1);
}

/// What a panic says.
fn text_of(payload: &dyn std::any::Any) -> &str {
    match payload.downcast_ref::<String>() {
        Some(text) => text,
        None => payload.downcast_ref::<&str>().copied().unwrap_or("a thread has failed"),
    }
}

fn write(arguments: &RunArguments, result: &ProcessResult) -> Result<(), String> {
    let problem = |error: &dyn std::fmt::Display| format!("{}: {error}", arguments.out.display());
    let file = fs::File::create(&arguments.out).map_err(|error| problem(&error))?;
    let mut writer = std::io::BufWriter::new(file);
    serde_json::to_writer(&mut writer, result).map_err(|error| problem(&error))?;
    writer.flush().map_err(|error| problem(&error))
}
