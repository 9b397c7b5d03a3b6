/** Runs small dataflows in the simulation and returns what came out of each worker. */
import { FIRST_TICK } from '../../progress/timestamp.ts';
import { simulate } from '../../runtime/simulation.ts';
import { keepRows, rowSource, type TimedRow } from '../../runtime/tests/timed-rows.ts';
import { Schema } from '../schema.ts';
import type { ColumnTypes } from '../schema.ts';
import type { Scope } from '../scope.ts';
import type { Stream } from '../stream.ts';

/** Columns of the test input. */
export const pairSchema = new Schema({ key: 'float64', value: 'int32' });

/** Records of the test input. */
export type Pairs = Stream<(typeof pairSchema)['columns']>;

/** How to run. */
export interface SimulatedOptions {
  readonly peers?: number;
  readonly seed?: number;
  readonly transport?: 'shared-memory' | 'links';
  readonly rows?: number;
  readonly slots?: number;
  readonly ringStart?: number;
}

/** A record `ticks` after the start. */
export function at(ticks: number, ...values: number[]): TimedRow {
  return { time: FIRST_TICK + ticks, values };
}

/** A graph over pairs whose result is looked at. */
export type BuildGraph = (
  input: (rows: readonly (readonly TimedRow[])[]) => Pairs,
  scope: Scope,
) => Stream<ColumnTypes>;

/** Runs the graph that `build` makes; the results by worker. `input` makes a source of rows by worker. */
export function simulated(build: BuildGraph, options: SimulatedOptions = {}): TimedRow[][] {
  const { peers = 1, seed = 1, transport = 'shared-memory', rows = 8, slots = 2, ringStart = 0 } = options;
  const program = (scope: Scope) => {
    let sources = 0;
    const input = (parts: readonly (readonly TimedRow[])[]): Pairs =>
      rowSource(scope, `input${sources++}`, pairSchema, parts[scope.worker] ?? [], 5);
    const sink: TimedRow[] = [];
    keepRows(build(input, scope), sink);
    return { result: () => sink };
  };
  const workersPerProcess = peers % 2 === 0 && seed % 2 === 0 ? 2 : 1;
  return simulate(program, null, { peers, seed, transport, workersPerProcess, ringStart, settings: { rows, slots } });
}
