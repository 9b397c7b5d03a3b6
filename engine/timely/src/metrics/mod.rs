//! What a run is measured by.

pub mod digest;
pub mod epochs;
pub mod histogram;
pub mod intended_times;
pub mod latency;
pub mod sampler;
