//! What a workload computes is a function of its input alone: the outputs of a single worker without migration, and those of several
//! workers while bins move between them, have the same digest.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::results::{StepRecord, WorkerResult};
use crate::run::{Place, run_worker};
use crate::shared::Shared;
use crate::spec::RunSpec;
use crate::vectors::VECTORS;

const BIN_SHIFT: u32 = 4;
const WORKERS: u32 = 3;

/// A run of a fifth of a second, in which every bin moves to the next worker, one or all at a time.
fn spec(name: &str, variant: &str, bins_per_step: usize) -> RunSpec {
    let is_query = name.starts_with('q');
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let mut parameters: BTreeMap<String, Value> = BTreeMap::new();
    if is_query {
        parameters = serde_json::from_value(vectors["events"][0]["parameters"].clone()).unwrap();
        let windows = [("q5WindowUs", 2e6), ("q5SlideUs", 1e5), ("q7WindowUs", 5e5), ("q8WindowUs", 1e6)];
        let others = [("timeDilation", 20.0), ("inFlightAuctions", 300.0), ("q2Modulus", 7.0)];
        parameters.extend(windows.iter().chain(&others).map(|&(name, value)| (name.to_owned(), json!(value))));
    }
    let bins: Vec<u32> = (0..1 << BIN_SHIFT).collect();
    let moves = |shift| bins.iter().map(move |bin| (*bin, (bin + shift) % WORKERS)).collect::<Vec<_>>();
    let steps: Vec<_> = moves(1).chunks(bins_per_step).map(<[_]>::to_vec).collect();
    let is_native = variant == "native";
    let spec = json!({
        "format": 1,
        "workload": {
            "name": name,
            "variant": variant,
            "domain": if is_query { 0 } else { 1000 },
            "parameters": parameters,
        },
        "binShift": BIN_SHIFT,
        "ratePerSecond": 50_000,
        "durationS": 0.2,
        "total": 10_000,
        "endTick": 200_000,
        "seed": 1,
        "tickNs": 1000,
        "lookaheadTicks": 1000,
        "epochNs": 250_000_000,
        "initial": if is_native { Vec::new() } else { moves(0).into_iter().map(|(_, owner)| owner).collect() },
        "migrations": if is_native { json!([]) } else { json!([{ "atTick": 50_000, "gapTicks": 100, "steps": steps }]) },
        "rehearsal": if is_native { json!([]) } else { json!([moves(2), moves(0)]) },
    });
    RunSpec::parse(&spec.to_string()).unwrap()
}

/// Digest of all workers, and the steps.
fn run(spec: RunSpec, workers: u32) -> (u64, u64, Vec<StepRecord>) {
    spec.check(workers as usize).unwrap();
    let shared = Arc::new(Shared::new(0, workers as usize));
    let guards = timely::execute(timely::Config::process(workers as usize), move |worker| {
        let place = Place { local: worker.index(), is_crowded: true };
        run_worker(worker, &spec, &shared, place).unwrap()
    });
    let results: Vec<WorkerResult> = guards.unwrap().join().into_iter().map(Result::unwrap).collect();
    let records = results.iter().map(|result| result.digest.records).sum();
    let sums = results.iter().map(|result| u64::from_str_radix(&result.digest.sum, 16).unwrap());
    (records, sums.fold(0, u64::wrapping_add), results[0].steps.clone())
}

#[test]
fn wide_keys_change_no_output() {
    for name in ["key-count", "hash-count"] {
        let (records, sum, _) = run(spec(name, "native", 1), 1);
        for (variant, workers) in [("native", 1), ("native", WORKERS), ("megaphone", WORKERS)] {
            let mut wide = spec(name, variant, 1);
            wide.workload.wide_keys = true;
            let (wide_records, wide_sum, _) = run(wide, workers);
            assert_eq!((wide_records, wide_sum), (records, sum), "{name}, {variant}, {workers} workers");
        }
    }
}

#[test]
fn migrations_change_no_output() {
    for name in ["key-count", "hash-count", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"] {
        let (records, sum, _) = run(spec(name, "native", 1), 1);
        assert!(records > 0, "{name} has results");
        for bins_per_step in [1, 1 << BIN_SHIFT] {
            let (moved_records, moved_sum, steps) = run(spec(name, "megaphone", bins_per_step), WORKERS);
            assert_eq!((moved_records, moved_sum), (records, sum), "{name}, {bins_per_step} bins a step");
            assert_eq!(steps.len(), (1 << BIN_SHIFT) / bins_per_step);
            // Not always after their time: once the sources have closed, a step waits for nobody.
            assert!(steps.iter().all(|step| step.completed.is_some()), "{name}, {bins_per_step} bins a step");
        }
    }
}
