//! The run specification, fully resolved by the harness. Ticks count from the start barrier.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::nexmark::parameters::Parameters;

/// The format of specifications that this program reads.
pub const FORMAT: u64 = 1;

/// A run.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSpec {
    /// Has to be `FORMAT`.
    pub format: u64,
    /// What is computed.
    pub workload: WorkloadSpec,
    /// There are 2^bin_shift bins.
    pub bin_shift: u32,
    /// Offered rate of the whole run.
    pub rate_per_second: u64,
    /// Length of the schedule.
    pub duration_s: f64,
    /// Records of the schedule.
    pub total: u64,
    /// First tick after the schedule.
    pub end_tick: u64,
    /// Seed of the input.
    pub seed: u64,
    /// Nanoseconds per tick.
    pub tick_ns: u64,
    /// How far the control frontier is kept ahead of the present.
    pub lookahead_ticks: u64,
    /// Length of an epoch.
    pub epoch_ns: u64,
    /// Times with shorter epochs.
    pub fine: Option<FineTimes>,
    /// Owner of every bin at the start.
    #[serde(default)]
    pub initial: Vec<u32>,
    /// Migrations in the order of their start.
    #[serde(default)]
    pub migrations: Vec<Migration>,
    /// Steps that are carried out before the clock starts.
    #[serde(default)]
    pub rehearsal: Vec<Step>,
}

/// Query, variant and input.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadSpec {
    /// `key-count`, `hash-count` or a query `q1` .. `q8`.
    pub name: String,
    /// With or without migration.
    pub variant: Variant,
    /// Distinct keys.
    #[serde(default)]
    pub domain: u64,
    /// Whether the keys and counts of a word count have 64 bits instead of 32.
    #[serde(default)]
    pub wide_keys: bool,
    /// Further parameters by name.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
}

/// With or without migration.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// State belongs to its worker.
    Native,
    /// Bins can move.
    Megaphone,
}

/// Moves `(bin, target)` that take effect at one time.
pub type Step = Vec<(u32, u32)>;

/// A migration that starts at a given time.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// When the first step is issued.
    pub at_tick: u64,
    /// Ticks from the completion of a step to the issue of the next.
    pub gap_ticks: u64,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// Times whose epochs are shorter.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FineTimes {
    /// Length of a short epoch.
    pub epoch_ns: u64,
    /// The times.
    pub spans: Vec<Span>,
}

/// From the start of a long epoch to the end of one.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// The first nanosecond.
    pub from_ns: u64,
    /// The nanosecond after the last.
    pub to_ns: u64,
}

impl Span {
    /// Whether a time lies in it.
    pub fn contains(&self, ns: u64) -> bool {
        ns >= self.from_ns && ns < self.to_ns
    }
}

impl RunSpec {
    /// Reads a specification from JSON.
    ///
    /// # Errors
    /// Says in one line what is wrong.
    pub fn parse(json: &str) -> Result<Self, String> {
        let spec: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if spec.format != FORMAT {
            return Err(format!("format is {}; expected {FORMAT}", spec.format));
        }
        if spec.rate_per_second == 0 || spec.tick_ns == 0 || spec.epoch_ns == 0 {
            return Err("ratePerSecond, tickNs and epochNs have to be positive".into());
        }
        Ok(spec)
    }

    fn check_workload(&self) -> Result<(), String> {
        let WorkloadSpec { name, domain, wide_keys, parameters, .. } = &self.workload;
        // Every key is loaded once.
        let largest = u64::max(domain.saturating_sub(1), self.total + 1);
        match name.as_str() {
            "key-count" | "hash-count" if largest > u64::from(u32::MAX) && !wide_keys => {
                Err(format!("keys or counts may be {largest}; expected wideKeys"))
            }
            "key-count" | "hash-count" if *domain > 0 => Ok(()),
            "key-count" | "hash-count" => Err(format!("{name} has no domain; expected a positive number of keys")),
            "q1" | "q2" | "q3" | "q4" | "q5" | "q6" | "q7" | "q8" => {
                Parameters::new(self.rate_per_second as f64, parameters).map(|_| ())
            }
            _ => Err(format!("there is no workload {name}; expected key-count, hash-count or q1 to q8")),
        }
    }

    /// Checks that there is such a workload, and that configuration and migrations name existing bins and workers.
    ///
    /// # Errors
    /// Says in one line what is wrong.
    pub fn check(&self, workers: usize) -> Result<(), String> {
        self.check_workload()?;
        if self.workload.variant == Variant::Native {
            return match self.migrations.is_empty() {
                true => Ok(()),
                false => Err("a native variant cannot migrate; expected no migrations".into()),
            };
        }
        if !(1..=20).contains(&self.bin_shift) {
            return Err(format!("binShift is {}; expected 1 to 20", self.bin_shift));
        }
        let bins = 1usize << self.bin_shift;
        if self.initial.len() != bins {
            return Err(format!("initial has {} bins; expected {bins}", self.initial.len()));
        }
        let owners = self.initial.iter().copied();
        let steps = self.migrations.iter().flat_map(|migration| &migration.steps);
        let moves = steps.chain(&self.rehearsal).flatten();
        if let Some((bin, _)) = moves.clone().find(|(bin, _)| *bin as usize >= bins) {
            return Err(format!("a step moves bin {bin}; expected 0 to {}", bins - 1));
        }
        match owners.chain(moves.map(|(_, target)| *target)).find(|owner| *owner as usize >= workers) {
            Some(owner) => Err(format!("a bin is to be on worker {owner}; expected 0 to {}", workers - 1)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str, owner: u32) -> RunSpec {
        let json = format!(
            r#"{{"format":1,"workload":{{"name":"{name}","variant":"megaphone","domain":10}},"binShift":1,"ratePerSecond":1,"durationS":1,
            "total":1,"endTick":1,"seed":1,"tickNs":1000,"lookaheadTicks":1,"epochNs":1,"initial":[0,{owner}]}}"#
        );
        RunSpec::parse(&json).unwrap()
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        assert_eq!(spec("key-count", 1).check(2), Ok(()));
        assert!(spec("key-count", 2).check(2).unwrap_err().contains("worker 2"));
        assert!(spec("q9", 1).check(2).unwrap_err().contains("q9"));
        assert!(spec("q5", 1).check(2).unwrap_err().contains("timeDilation"));
        let mut large = spec("key-count", 1);
        large.workload.domain = (1 << 32) + 1;
        assert!(large.check(2).unwrap_err().contains("wideKeys"));
        large.workload.wide_keys = true;
        assert_eq!(large.check(2), Ok(()));
    }
}
