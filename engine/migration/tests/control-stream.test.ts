import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inspect } from '../../dataflow/operators/inspect.ts';
import { probe } from '../../dataflow/operators/probe.ts';
import { Scope } from '../../dataflow/scope.ts';
import { CLOSED, FIRST_TICK } from '../../progress/timestamp.ts';
import { simulate } from '../../runtime/simulation.ts';
import { type ControlDriver, controlStream } from '../control-stream.ts';
import { BinShiftError } from '../binning.ts';

const silent: ControlDriver = { step: () => CLOSED };

/** Runs a driver on two workers and four bins; the updates as the stream carries them. */
function driven(driver: ControlDriver, lookaheadTicks = 10): { time: number; bin: number; worker: number }[] {
  const program = (scope: Scope) => {
    const initial = new Int32Array(4);
    const { stream } = controlStream(scope, { binShift: 2, initial, lookaheadTicks, driver: () => driver });
    const updates: { time: number; bin: number; worker: number }[] = [];
    inspect(stream, ({ time, columns, length }) => {
      for (let i = 0; i < length; i++) updates.push({ time, bin: columns.bin[i]!, worker: columns.worker[i]! });
    });
    return { result: () => updates };
  };
  return simulate(program, null, { peers: 2, seed: 3, transport: 'shared-memory', limit: 20_000 }).flat();
}

describe('control streams', () => {
  it('carry the updates at their times, those of one time in the order of issue', () => {
    const updates = driven({
      step(_now, earliest, to): number {
        to.move(earliest + 5, 2, 1);
        to.move(earliest, 1, 0);
        to.move(earliest, 3, 1);
        return CLOSED;
      },
    });
    assert.deepEqual(updates, [
      { time: FIRST_TICK, bin: 1, worker: 0 },
      { time: FIRST_TICK, bin: 3, worker: 1 },
      { time: FIRST_TICK + 5, bin: 2, worker: 1 },
    ]);
  });

  it('are driven by worker 0 alone', () => {
    let drivers = 0;
    const program = (scope: Scope) => {
      const driver = (): ControlDriver => {
        drivers += 1;
        return silent;
      };
      controlStream(scope, { binShift: 1, initial: new Int32Array(2), lookaheadTicks: 1, driver });
      return { result: () => null };
    };
    simulate(program, null, { peers: 3, seed: 1, transport: 'shared-memory' });
    assert.equal(drivers, 1);
  });

  it('keep their frontier a lookahead ahead of the present, and tell the driver the earliest time', () => {
    const seen: { now: number; earliest: number; frontier: number }[] = [];
    const program = (scope: Scope) => {
      const driver: ControlDriver = {
        step(now, earliest): number {
          seen.push({ now, earliest, frontier: observed.frontier() });
          return now > FIRST_TICK + 40 ? CLOSED : 0;
        },
      };
      const options = { binShift: 1, initial: new Int32Array(2), lookaheadTicks: 10, driver: () => driver };
      const observed = probe(controlStream(scope, options).stream);
      return { result: () => observed.frontier() };
    };
    const [closed] = simulate(program, null, { peers: 1, seed: 4, transport: 'shared-memory' });
    assert.equal(closed, CLOSED);
    let bound = FIRST_TICK;
    for (const { now, earliest, frontier } of seen) {
      assert.equal(earliest, bound);
      assert.ok(frontier <= earliest);
      // Raised only when less than half of the lookahead is left.
      if (now >= FIRST_TICK && bound - now < 5) bound = now + 10;
    }
  });

  it('raise nothing while nothing happens, so that all workers sleep', () => {
    let steps = 0;
    const program = (scope: Scope) => {
      const driver: ControlDriver = {
        step: (now) => (now < FIRST_TICK + 1_000_000 ? FIRST_TICK + 1_000_000 : CLOSED),
      };
      const options = { binShift: 1, initial: new Int32Array(2), lookaheadTicks: 10, driver: () => driver };
      inspect(controlStream(scope, options).stream, () => {});
      return { afterStep: () => void (steps += 1), result: () => null };
    };
    simulate(program, null, { peers: 2, seed: 4, transport: 'shared-memory' });
    assert.ok(steps < 100, `${steps} steps in a million ticks`);
  });

  it('refuse an update before their frontier', () => {
    const late: ControlDriver = {
      step(now, earliest, to): number {
        if (now > FIRST_TICK + 30) to.move(earliest - 1, 0, 1);
        return 0;
      },
    };
    assert.throws(() => driven(late), /CapabilityError: control#0\.output\[0\] \(worker 0\): cannot send at time/);
  });

  it('refuse bins and workers that do not exist', () => {
    const moving = (bin: number, worker: number) => () =>
      driven({
        step(_now, earliest, to): number {
          to.move(earliest, bin, worker);
          return CLOSED;
        },
      });
    assert.throws(moving(4, 0), /ControlError: control update at \d+: bin 4; expected 0\.\.3/);
    assert.throws(moving(-1, 0), /bin -1; expected 0\.\.3/);
    assert.throws(moving(0.5, 0), /bin 0\.5; expected 0\.\.3/);
    assert.throws(moving(0, 2), /ControlError: control update at \d+: worker 2; expected 0\.\.1/);
    assert.throws(moving(0, NaN), /worker NaN; expected 0\.\.1/);
  });

  it('refuse an initial configuration that leaves a bin without a worker', () => {
    const made = (binShift: number, initial: Int32Array) => () =>
      controlStream(new Scope(0, 2, { now: () => 0 }), { binShift, initial, lookaheadTicks: 1, driver: () => silent });
    assert.throws(made(2, new Int32Array(3)), {
      name: 'ControlError',
      message: 'initial configuration: 3 bins; expected 4',
    });
    assert.throws(made(1, Int32Array.of(0, 2)), {
      name: 'ControlError',
      message: 'initial configuration: bin 1 on worker 2; expected 0..1',
    });
    assert.throws(made(1, Int32Array.of(0, -1)), /bin 1 on worker -1/);
    assert.throws(made(0, new Int32Array(1)), BinShiftError);
  });
});
