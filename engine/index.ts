/**
 * The dataflow engine: streams, operators, frontiers. Migratable operators: `megaphone-engine/migration`.
 *
 * @module megaphone-engine
 */
export { Capability, CapabilityError } from './progress/capability.ts';
export { EngineError } from './progress/engine-error.ts';
export { FrontierError } from './progress/frontier-cells.ts';
export { Probe } from './progress/probe.ts';
export {
  CLOSED,
  FIRST_TICK,
  LONGEST_RUN_TICKS,
  MAX_TIMESTAMP,
  tickOf,
  type Timestamp,
  timestampOf,
} from './progress/timestamp.ts';
export { type Batch } from './dataflow/batch.ts';
export { GraphError, SchemaError } from './dataflow/errors.ts';
export { allocateHeap, Extents, HeapError } from './dataflow/extents.ts';
export { hashKey } from './dataflow/hash.ts';
export { type ArrivalsPort, type InputPort } from './dataflow/input-port.ts';
export { Notificator } from './dataflow/notificator.ts';
export { Operator } from './dataflow/operator.ts';
export { binary, type BinaryLogic } from './dataflow/operators/binary.ts';
export { concat } from './dataflow/operators/concat.ts';
export { filter, type Predicate } from './dataflow/operators/filter.ts';
export { flatMap, type FlatMapLogic } from './dataflow/operators/flat-map.ts';
export { inspect, type Inspector } from './dataflow/operators/inspect.ts';
export { map, type MapLogic } from './dataflow/operators/map.ts';
export { probe } from './dataflow/operators/probe.ts';
export { relay } from './dataflow/operators/relay.ts';
export {
  type RecordGenerator,
  type Schedule,
  type ScheduledInput,
  ScheduledSource,
  scheduledSource,
} from './dataflow/operators/scheduled-source.ts';
export { source, type SourceLogic, sources } from './dataflow/operators/source.ts';
export { type OperatorContext, type OperatorOptions, unary, type UnaryLogic } from './dataflow/operators/unary.ts';
export { type OutputPort } from './dataflow/output-port.ts';
export { broadcast, exchange, type ExchangePact, type Pact, pipeline } from './dataflow/pact.ts';
export { DestinationError } from './dataflow/partition.ts';
export { type Route } from './dataflow/pushers.ts';
export {
  type ColumnTypes,
  type Columns,
  type ElementType,
  type KeyArray,
  type KeyColumnOf,
  Schema,
} from './dataflow/schema.ts';
export { type Clock, type DataflowSettings, DEFAULT_SETTINGS, Scope } from './dataflow/scope.ts';
export { Stream } from './dataflow/stream.ts';
