//! The mechanism and the workloads on timely dataflow: one process of a run, driven by a resolved run specification.

mod arguments;
mod controller;
#[cfg(test)]
mod equal_outputs;
mod input;
mod live;
mod megaphone;
mod metrics;
mod network;
mod nexmark;
mod process;
mod results;
mod run;
mod shared;
mod source;
mod spec;
mod time;
mod vectors;
mod workloads;

use std::process::ExitCode;

use arguments::Command;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The arguments or the specification are wrong.
const WRONG_INPUT: u8 = 2;

fn main() -> ExitCode {
    let outcome = match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Run(arguments)) => process::run(&arguments),
        Ok(Command::Vectors) => vectors::answers().map(|answers| println!("{answers}")).map_err(process::Failure::Run),
        Err(problem) => Err(process::Failure::Input(problem)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(process::Failure::Input(problem)) => {
            eprintln!("megaphone-timely: {problem}");
            ExitCode::from(WRONG_INPUT)
        }
        Err(process::Failure::Run(problem)) => {
            eprintln!("megaphone-timely: {problem}");
            ExitCode::FAILURE
        }
    }
}
