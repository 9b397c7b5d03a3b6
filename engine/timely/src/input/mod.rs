//! What the records of a run are, and when they are due.

pub mod logarithm;
pub mod random;
pub mod schedule;
pub mod words;
pub mod zipf;
