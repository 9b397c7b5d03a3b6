//! The NEXMark queries. The first column of a row is its event time in microseconds.

mod closed_auctions;
mod closings;
mod q1;
mod q2;
mod q3;
mod q4;
mod q5;
mod q6;
mod q7;
mod q8;
mod window_leaders;

use timely::container::CapacityContainerBuilder;
use timely::dataflow::InputHandle;

use super::{Builder, Stream};
use crate::megaphone::kernel::Record;
use crate::nexmark::event_time::EventTime;
use crate::nexmark::generator::Generator;
use crate::nexmark::parameters::Parameters;
use crate::source::Input;
use crate::source::events::{EventSource, Inputs};
use crate::time::{FIRST_TICK, MAX_TIMESTAMP, Timestamp};

/// What queries know of time.
#[derive(Clone, Copy)]
pub struct QueryContext {
    /// Event times to timestamps.
    pub event_time: EventTime,
    closing_step_ticks: u64,
}

impl QueryContext {
    /// When an auction that expires at the given event time is closed: by then every bid before `expires` was applied.
    pub fn closing_time(&self, expires: u64) -> Timestamp {
        self.event_time.closing_time(expires, self.closing_step_ticks)
    }
}

/// Builds a query; none when there is none with this name.
///
/// # Errors
/// When a parameter is missing.
pub fn build(builder: &mut Builder, name: &str) -> Option<Result<EventSource, String>> {
    let query = name.strip_prefix('q')?.parse::<u32>().ok()?;
    (1..=8).contains(&query).then(|| build_query(builder, query))
}

fn build_query(builder: &mut Builder, query: u32) -> Result<EventSource, String> {
    let (spec, schedule) = (builder.spec, builder.schedule);
    let p = Parameters::new(spec.rate_per_second as f64, &spec.workload.parameters)?;
    let last_timer = FIRST_TICK + schedule.intended_tick(schedule.total) + 1;
    let context = QueryContext {
        event_time: EventTime::new(p.time_dilation, spec.tick_ns as f64, last_timer.min(MAX_TIMESTAMP)),
        closing_step_ticks: p.closing_step_ticks,
    };
    let mut inputs = Inputs::default();
    match query {
        1 => q1::build(builder, stream(builder, &mut inputs.bids)),
        2 => q2::build(builder, stream(builder, &mut inputs.bids), p.q2_modulus),
        5 => {
            let bids = stream(builder, &mut inputs.bids);
            q5::build(builder, bids, context, p.q5_window_us, p.q5_slide_us);
        }
        7 => {
            let bids = stream(builder, &mut inputs.bids);
            q7::build(builder, bids, context, p.q7_window_us);
        }
        3 | 8 => {
            let persons = stream(builder, &mut inputs.persons);
            let auctions = stream(builder, &mut inputs.auctions);
            match query {
                3 => q3::build(builder, persons, auctions, p.q3_category),
                _ => q8::build(builder, persons, auctions, context, p.q8_window_us),
            }
        }
        _ => {
            let auctions = stream(builder, &mut inputs.auctions);
            let bids = stream(builder, &mut inputs.bids);
            match query {
                4 => q4::build(builder, auctions, bids, context),
                _ => q6::build(builder, auctions, bids, context, p.q6_closings),
            }
        }
    }
    let (worker, peers) = (builder.scope.worker().index(), builder.scope.peers());
    let generator = Generator::new(p, spec.seed);
    Ok(EventSource::new(inputs, schedule, generator, worker, peers))
}

/// The stream of an input that a query reads.
fn stream<'scope, D: Record>(builder: &Builder<'_, 'scope>, input: &mut Option<Input<D>>) -> Stream<'scope, D> {
    let mut handle = InputHandle::<Timestamp, CapacityContainerBuilder<Vec<D>>>::new();
    let stream = handle.to_stream(builder.scope);
    *input = Some(handle);
    stream
}
