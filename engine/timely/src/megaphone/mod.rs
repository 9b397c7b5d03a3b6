//! The mechanism (paper section 3): operators whose state is cut into bins that can move between workers while the dataflow runs.
//!
//! An operator becomes two: F ([`router`]) routes records by the configuration at their time and starts migrations, S ([`host`]) hosts the
//! bins. Both share the bins of their worker. What an operator computes is a [`kernel::Kernel`], which its variant without migration
//! ([`native`]) runs unchanged.

pub mod binning;
pub mod bins;
pub mod control;
pub mod count_table;
pub mod host;
pub mod kernel;
pub mod migratable;
pub mod native;
pub mod partition;
pub mod pieces;
pub mod router;
pub mod routing_table;
pub mod state;
pub mod timers;
