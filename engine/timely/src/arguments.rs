//! The command line.

use std::path::PathBuf;

use timely::worker::ProgressMode;

/// How the program is called.
pub const USAGE: &str = "usage: megaphone-timely run --spec SPEC.json --out FILE.json [-w WORKERS] [-n PROCESSES -p INDEX [-h HOSTFILE]] \
[--progress-mode eager|demand] [--until-eof] [--watched FILE], or: megaphone-timely vectors";

/// What is to be done.
#[derive(Debug)]
pub enum Command {
    /// A process of a run.
    Run(RunArguments),
    /// Prints vectors of the generators.
    Vectors,
}

/// A process of a run.
#[derive(Debug)]
pub struct RunArguments {
    /// The run specification.
    pub spec: PathBuf,
    /// Where results go.
    pub out: PathBuf,
    /// Workers of this process, and of the others.
    pub workers: usize,
    /// Addresses of the processes, host:port.
    pub addresses: Vec<String>,
    /// Number of this process.
    pub process: usize,
    /// How eagerly progress is told.
    pub progress_mode: ProgressMode,
    /// Whether the end of the standard input gives the run up: it is a pipe from who wants the results.
    pub is_until_eof: bool,
    /// From when on this file exists the workers tell of themselves while they run; none when nobody can watch.
    pub watched: Option<PathBuf>,
}

/// Ports of processes on one machine are counted from here.
const FIRST_PORT: usize = 2101;

/// Reads the arguments after the program's name.
///
/// # Errors
/// Says in one line what is wrong.
pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut arguments = arguments;
    match arguments.next().as_deref() {
        Some("vectors") => Ok(Command::Vectors),
        Some("run") => parse_run(arguments).map(Command::Run),
        Some(other) => Err(format!("unknown command {other}; {USAGE}")),
        None => Err(USAGE.into()),
    }
}

fn parse_run(mut arguments: impl Iterator<Item = String>) -> Result<RunArguments, String> {
    let (mut spec, mut out, mut hosts, mut watched) = (None, None, None, None);
    let (mut workers, mut processes, mut process) = (1, 1, 0);
    let mut progress_mode = ProgressMode::Eager;
    let mut is_until_eof = false;
    while let Some(name) = arguments.next() {
        if name == "--until-eof" {
            is_until_eof = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value; {USAGE}"))?;
        let number = || -> Result<usize, String> {
            let problem = |_| format!("{name} is {value}; expected a number");
            value.parse().map_err(problem)
        };
        match name.as_str() {
            "--spec" => spec = Some(PathBuf::from(&value)),
            "--out" => out = Some(PathBuf::from(&value)),
            "--watched" => watched = Some(PathBuf::from(&value)),
            "-w" | "--threads" => workers = number()?,
            "-n" | "--processes" => processes = number()?,
            "-p" | "--process" => process = number()?,
            "-h" | "--hostfile" => hosts = Some(PathBuf::from(&value)),
            "--progress-mode" => {
                progress_mode = match value.as_str() {
                    "eager" => ProgressMode::Eager,
                    "demand" => ProgressMode::Demand,
                    _ => return Err(format!("--progress-mode is {value}; expected eager or demand")),
                }
            }
            _ => return Err(format!("unknown argument {name}; {USAGE}")),
        }
    }
    if workers == 0 || process >= processes {
        return Err(format!(
            "{workers} workers in process {process} of {processes}; expected at least one, and a process below their number"
        ));
    }
    let addresses = match hosts {
        None => (0..processes).map(|i| format!("localhost:{}", FIRST_PORT + i)).collect(),
        Some(path) => read_hosts(&path, processes)?,
    };
    Ok(RunArguments {
        spec: spec.ok_or("--spec is missing")?,
        out: out.ok_or("--out is missing")?,
        workers,
        addresses,
        process,
        progress_mode,
        is_until_eof,
        watched,
    })
}

/// The first lines of a host file.
fn read_hosts(path: &PathBuf, processes: usize) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let addresses: Vec<String> = lines.take(processes).map(String::from).collect();
    match addresses.len() < processes {
        true => Err(format!("{}: {} hosts; expected {processes}", path.display(), addresses.len())),
        false => Ok(addresses),
    }
}
