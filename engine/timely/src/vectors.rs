//! Test vectors: what generators, schedule, digest and histogram make of the questions in `tests/vectors.json`, whose answers there are
//! those of the TypeScript engine (`vectors.ts`).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::input::schedule::Schedule;
use crate::input::words::WordGenerator;
use crate::megaphone::binning::hash_key;
use crate::metrics::digest::Digest;
use crate::metrics::histogram::Histogram;
use crate::nexmark::generator::{Events, Generator};
use crate::nexmark::parameters::Parameters;
use crate::nexmark::records::{Auction, Bid, Person};

/// The questions, with the answers of the TypeScript engine.
pub const VECTORS: &str = include_str!("../tests/vectors.json");

/// Records of a word count that are summed up.
const SUMMED_RECORDS: u64 = 100_000;
/// Events that are summed up.
const SUMMED_EVENTS: u64 = 20_000;

#[derive(Deserialize)]
struct Questions {
    hashes: Vec<(u64, u64)>,
    words: Vec<Words>,
    events: Vec<EventStream>,
    schedules: Vec<Times>,
    digest: Rows,
    histogram: Values,
}

#[derive(Deserialize)]
struct Words {
    seed: u64,
    domain: u64,
    zipf: f64,
    keys: Vec<(u64, u64)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventStream {
    seed: u64,
    rate_per_second: u64,
    parameters: BTreeMap<String, f64>,
    rows: Vec<Vec<u64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    rate_per_second: u64,
    tick_ns: u64,
    total: u64,
    end_tick: u64,
    records: Vec<(u64, u64)>,
    due: Vec<(u64, u64)>,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Vec<Value>>,
}

#[derive(Deserialize)]
struct Values {
    values: Vec<u64>,
}

/// The answers of this program, in the form of the file.
///
/// # Errors
/// When the questions cannot be read.
pub fn answers() -> Result<Value, String> {
    let questions: Questions = serde_json::from_str(VECTORS).map_err(|error| error.to_string())?;
    let events: Result<Vec<Value>, String> = questions.events.iter().map(event_vector).collect();
    Ok(json!({
        "hashes": questions.hashes.iter().map(|(key, _)| (key, hash_key(*key))).collect::<Vec<_>>(),
        "words": questions.words.iter().map(word_vector).collect::<Vec<_>>(),
        "events": events?,
        "schedules": questions.schedules.iter().map(schedule_vector).collect::<Vec<_>>(),
        "digest": digest_vector(&questions.digest),
        "histogram": histogram_vector(&questions.histogram),
    }))
}

fn word_vector(words: &Words) -> Value {
    let Words { seed, domain, zipf, keys } = words;
    let mut generator = WordGenerator::new(*seed, *domain, *zipf);
    let keys: Vec<(u64, u64)> = keys.iter().map(|&(n, _)| (n, generator.key_of(n))).collect();
    let mut digest = Digest::default();
    for n in 0..SUMMED_RECORDS {
        digest.add(&[[generator.key_of(n) as f64]]);
    }
    json!({ "seed": seed, "domain": domain, "zipf": number(*zipf), "keys": keys, "digest": digest.value() })
}

/// The last event as a row: number, kind, then the columns in the order in which the TypeScript engine has them.
#[derive(Default)]
struct LastEvent(Vec<u64>);

impl Events for LastEvent {
    fn person(&mut self, person: Person) {
        let [name, city, state] = [person.name, person.city, person.state].map(u64::from);
        self.0 = vec![0, person.id, name, city, state, person.date_time];
    }

    fn auction(&mut self, auction: Auction) {
        let [category, initial_bid, reserve] = [auction.category, auction.initial_bid, auction.reserve].map(u64::from);
        let Auction { id, seller, date_time, expires, .. } = auction;
        self.0 = vec![1, id, seller, category, initial_bid, reserve, date_time, expires];
    }

    fn bid(&mut self, bid: Bid) {
        self.0 = vec![2, bid.auction, bid.bidder, u64::from(bid.price), bid.date_time];
    }
}

fn event_vector(events: &EventStream) -> Result<Value, String> {
    let EventStream { seed, rate_per_second, parameters, rows } = events;
    let mut generator = Generator::new(Parameters::new(*rate_per_second as f64, parameters)?, *seed);
    let mut last = LastEvent::default();
    let mut row_of = |n: u64| {
        generator.fill(n, 1, n + 1, &mut last);
        last.0.insert(0, n);
        last.0.clone()
    };
    let rows: Vec<_> = rows.iter().map(|row| row_of(row[0])).collect();
    let mut digest = Digest::default();
    for n in 0..SUMMED_EVENTS {
        add(&mut digest, &row_of(n).into_iter().map(|number| number as f64).collect::<Vec<_>>());
    }
    let parameters: BTreeMap<_, _> = parameters.iter().map(|(name, value)| (name, number(*value))).collect();
    Ok(json!({
        "seed": seed,
        "ratePerSecond": rate_per_second,
        "parameters": parameters,
        "rows": rows,
        "digest": digest.value(),
    }))
}

fn schedule_vector(times: &Times) -> Value {
    let Times { rate_per_second, tick_ns, total, end_tick, .. } = *times;
    let schedule = Schedule::new(rate_per_second, tick_ns, total);
    let records = times.records.iter().map(|&(n, _)| (n, schedule.intended_tick(n)));
    let due = times.due.iter().map(|&(tick, _)| (tick, schedule.due_before(tick + 1)));
    json!({
        "ratePerSecond": rate_per_second,
        "tickNs": tick_ns,
        "total": total,
        "endTick": end_tick,
        "records": records.collect::<Vec<_>>(),
        "due": due.collect::<Vec<_>>(),
    })
}

fn digest_vector(questions: &Rows) -> Value {
    let mut digest = Digest::default();
    for row in &questions.rows {
        // JSON of JavaScript has no -0.
        let numbers: Vec<f64> = row.iter().map(|value| value.as_f64().unwrap_or(-0.0)).collect();
        add(&mut digest, &numbers);
    }
    json!({ "rows": questions.rows, "value": digest.value() })
}

fn histogram_vector(questions: &Values) -> Value {
    let mut histogram = Histogram::default();
    for &value in &questions.values {
        histogram.record(value, value, 1);
    }
    json!({ "values": questions.values, "drained": histogram.drain() })
}

/// Adds a row of any length.
fn add(digest: &mut Digest, row: &[f64]) {
    fn fixed<const COLUMNS: usize>(row: &[f64]) -> [[f64; COLUMNS]; 1] {
        [std::array::from_fn(|column| row[column])]
    }
    match row.len() {
        1 => digest.add(&fixed::<1>(row)),
        2 => digest.add(&fixed::<2>(row)),
        3 => digest.add(&fixed::<3>(row)),
        4 => digest.add(&fixed::<4>(row)),
        5 => digest.add(&fixed::<5>(row)),
        6 => digest.add(&fixed::<6>(row)),
        7 => digest.add(&fixed::<7>(row)),
        8 => digest.add(&fixed::<8>(row)),
        _ => digest.add(&fixed::<9>(row)),
    }
}

/// A number as JavaScript prints it: whole ones without a point.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as u64) } else { json!(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_are_those_of_the_other_engine() {
        let expected: Value = serde_json::from_str(VECTORS).unwrap();
        let found = answers().unwrap();
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&found[name], value, "{name}");
        }
    }
}
