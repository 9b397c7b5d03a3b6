/**
 * Migratable operators: state that moves between workers while records flow (Megaphone's mechanism).
 *
 * @module megaphone-engine/migration
 */
export { type Binning, BinShiftError, binRoute, HashedBinning, LowBitsBinning, MAX_BIN_SHIFT } from './binning.ts';
export {
  type ControlColumns,
  type ControlDriver,
  ControlError,
  type ControlOptions,
  controlStream,
  type ControlStream,
  type ControlUpdates,
} from './control-stream.ts';
export { ExtendedNotificator } from './extended-notificator.ts';
export { ContainerNameError, Migratable, type MigratableContext, type MigratableOptions } from './migratable.ts';
export { binary, type BinaryLogic, unary, type UnaryLogic } from './operators.ts';
export { PendingEntries } from './pending-entries.ts';
export { type Departure } from './router.ts';
export { type Handoff } from './state-channel.ts';
export { type BatchFold, fold, type Fold, foldSchema, stateMachine } from './state-machine.ts';
export { BinError, ContainerSizeError, KeyError, PendingValueError } from './state/bin-error.ts';
export { BinState, type CompoundContainer, type Containers } from './state/bin-state.ts';
export { type Bins } from './state/bins.ts';
export { type BinContainer, type Image } from './state/container.ts';
export { DenseArray } from './state/dense-array.ts';
export { HashTable } from './state/hash-table.ts';
export { MapContainer } from './state/map-container.ts';
export { Multimap } from './state/multimap.ts';
export { PendingQueue } from './state/pending-queue.ts';
