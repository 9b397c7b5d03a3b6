//! One process of a run: its workers, what is observed of them, and the file that it leaves.

use std::fs;
use std::io::Write;
use std::sync::mpsc::channel;
use std::sync::{Arc, Once};

use timely::communication::Config as CommunicationConfig;
use timely::{Config, WorkerConfig};

use crate::arguments::RunArguments;
use crate::metrics::sampler::{Observation, start};
use crate::results::ProcessResult;
use crate::run::run_worker;
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
    let shared = Arc::new(Shared::new(process * workers, workers));
    let observation = Observation {
        first_worker: process * workers,
        epoch_ns: spec.epoch_ns,
        duration_s: spec.duration_s,
        shows_progress: process == 0,
    };
    let (stop, stopped) = channel();
    let sampler = start(observation, Arc::clone(&shared), stopped);
    let config = Config {
        communication: communication(arguments),
        worker: WorkerConfig::default().progress_mode(arguments.progress_mode),
    };
    let on_worker = {
        let shared = Arc::clone(&shared);
        move |worker: &mut timely::worker::Worker| run_worker(worker, &spec, &shared, worker.index() % workers)
    };
    let guards = timely::execute(config, on_worker).map_err(Failure::Run)?;
    let results = guards.join().into_iter().map(|result| result.and_then(|result| result));
    let results = results.collect::<Result<Vec<_>, _>>().map_err(Failure::Run)?;
    drop(stop);
    let observed = sampler.join().map_err(|_| Failure::Run("the sampler has failed".into()))?;
    write(arguments, &ProcessResult { results, observed }).map_err(Failure::Run)
}

fn read_spec(arguments: &RunArguments) -> Result<RunSpec, String> {
    let path = arguments.spec.display();
    let text = fs::read_to_string(&arguments.spec).map_err(|error| format!("{path}: {error}"))?;
    let spec = RunSpec::parse(&text).map_err(|problem| format!("{path}: {problem}"))?;
    spec.check(arguments.workers * arguments.addresses.len()).map_err(|problem| format!("{path}: {problem}"))?;
    Ok(spec)
}

fn communication(arguments: &RunArguments) -> CommunicationConfig {
    if arguments.addresses.len() > 1 {
        CommunicationConfig::Cluster {
            threads: arguments.workers,
            process: arguments.process,
            addresses: arguments.addresses.clone(),
            report: false,
            zerocopy: false,
            log_fn: Arc::new(|_| None),
        }
    } else if arguments.workers > 1 {
        CommunicationConfig::Process(arguments.workers)
    } else {
        CommunicationConfig::Thread
    }
}

/// A worker or a link that fails takes the process with it: the others would wait for it forever. Only the first says why.
fn die_of_any_panic() {
    static FIRST: Once = Once::new();
    std::panic::set_hook(Box::new(|panic| {
        FIRST.call_once(|| {
            let message = panic.payload_as_str().unwrap_or("a thread has failed").replace('\n', " ");
            eprintln!("megaphone-timely: {message}");
            std::process::exit(1);
        });
    }));
}

fn write(arguments: &RunArguments, result: &ProcessResult) -> Result<(), String> {
    let problem = |error: &dyn std::fmt::Display| format!("{}: {error}", arguments.out.display());
    let file = fs::File::create(&arguments.out).map_err(|error| problem(&error))?;
    let mut writer = std::io::BufWriter::new(file);
    serde_json::to_writer(&mut writer, result).map_err(|error| problem(&error))?;
    writer.flush().map_err(|error| problem(&error))
}
