import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { CLOSED, FIRST_TICK } from '../../progress/timestamp.ts';
import type { Probe } from '../../progress/probe.ts';
import { simulations } from '../../runtime/tests/simulations.ts';
import { sorted, type TimedRow } from '../../runtime/tests/timed-rows.ts';
import { hashKey } from '../hash.ts';
import { binary } from '../operators/binary.ts';
import { concat } from '../operators/concat.ts';
import { filter } from '../operators/filter.ts';
import { flatMap } from '../operators/flat-map.ts';
import { inspect } from '../operators/inspect.ts';
import { map } from '../operators/map.ts';
import { probe } from '../operators/probe.ts';
import { relay } from '../operators/relay.ts';
import { sources } from '../operators/source.ts';
import { unary } from '../operators/unary.ts';
import { broadcast, exchange, pipeline } from '../pact.ts';
import { Schema } from '../schema.ts';
import { at, type BuildGraph, pairSchema, simulated, type SimulatedOptions } from './simulated.ts';

type Types = (typeof pairSchema)['columns'];

const sumSchema = new Schema({ sum: 'float64' });

const runs: fc.Arbitrary<Required<SimulatedOptions>> = fc.record({
  peers: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
  transport: fc.constantFrom('shared-memory' as const, 'links' as const),
  rows: fc.constantFrom(8, 16),
  slots: fc.constantFrom(2, 4),
  ringStart: fc.constantFrom(0, -3, 2 ** 31 - 3),
});

const row: fc.Arbitrary<TimedRow> = fc
  .tuple(fc.nat(30), fc.nat(1000), fc.integer({ min: -50, max: 50 }))
  .map(([ticks, key, value]) => at(ticks, key, value));

/** Rows of up to four workers, ascending by time. */
const input = fc
  .array(fc.array(row, { maxLength: 40 }), { minLength: 4, maxLength: 4 })
  .map((parts) => parts.map((rows) => rows.sort((a, b) => a.time - b.time)));

const used = (parts: readonly (readonly TimedRow[])[], peers: number): TimedRow[] => parts.slice(0, peers).flat();

/** Checks that a graph gives, over all workers, what `expected` says of the whole input. */
function sameAsPlain(
  build: Parameters<typeof simulated>[0] extends (input: infer I, scope: infer S) => infer O
    ? (parts: readonly (readonly TimedRow[])[]) => (input: I, scope: S) => O
    : never,
  expected: (rows: TimedRow[], peers: number) => TimedRow[],
): void {
  fc.assert(
    fc.property(input, runs, (parts, options) => {
      const found = simulated(build(parts), options).flat();
      assert.deepEqual(sorted(found), sorted(expected(used(parts, options.peers), options.peers)));
    }),
    simulations(15),
  );
}

describe('map', () => {
  it('makes one record of each, at its time', () => {
    sameAsPlain(
      (parts) => (source) =>
        map(source(parts), sumSchema, ({ key, value }, i, out, o) => (out.sum[o] = key[i]! + value[i]!)),
      (rows) => rows.map(({ time, values: [key, value] }) => ({ time, values: [key! + value!] })),
    );
  });
});

describe('filter', () => {
  it('keeps the records that the predicate holds for', () => {
    sameAsPlain(
      (parts) => (source) => filter(source(parts), ({ key }, i) => key[i]! % 3 === 0),
      (rows) => rows.filter(({ values }) => values[0]! % 3 === 0),
    );
  });
});

describe('flatMap', () => {
  it('makes any number of records of each, at its time', () => {
    sameAsPlain(
      (parts) => (source) =>
        flatMap(source(parts), sumSchema, ({ key }, i, output) => {
          for (let n = 0; n < key[i]! % 12; n++) {
            const o = output.append();
            output.columns.sum[o] = n;
          }
        }),
      (rows) =>
        rows.flatMap(({ time, values }) => Array.from({ length: values[0]! % 12 }, (_, n) => ({ time, values: [n] }))),
    );
  });
});

describe('concat', () => {
  it('has the records of all its streams, and of a stream that is named twice, twice', () => {
    sameAsPlain(
      (parts) => (source) => {
        const first = source(parts);
        return concat(first, source(parts), first);
      },
      (rows) => [...rows, ...rows, ...rows],
    );
  });
});

describe('relay by exchange', () => {
  it('keeps every record, and brings equal keys to one worker', () => {
    fc.assert(
      fc.property(input, runs, (parts, options) => {
        const found = simulated((source) => relay(source(parts), exchange('key')), options);
        assert.deepEqual(sorted(found.flat()), sorted(used(parts, options.peers)));
        found.forEach((rows, worker) => {
          for (const { values } of rows) {
            assert.equal(((hashKey(values[0]!) >>> 16) * options.peers) >>> 16, worker);
          }
        });
      }),
      simulations(25),
    );
  });
});

describe('relay by broadcast', () => {
  it('brings every record to every worker', () => {
    fc.assert(
      fc.property(input, runs, (parts, options) => {
        const expected = sorted(used(parts, options.peers));
        for (const rows of simulated((source) => relay(source(parts), broadcast), options)) {
          assert.deepEqual(sorted(rows), expected);
        }
      }),
      simulations(25),
    );
  });
});

describe('inspect', () => {
  it('sees every batch of its worker, and passes it on', () => {
    const seen: TimedRow[] = [];
    const rows = [at(1, 5, 6), at(1, 7, 8), at(4, 9, 1)];
    const found = simulated((source) =>
      inspect(source([rows]), (batch) => {
        for (let i = 0; i < batch.length; i++) {
          seen.push({ time: batch.time, values: [batch.columns.key[i]!, batch.columns.value[i]!] });
        }
      }),
    );
    assert.deepEqual(seen, rows);
    assert.deepEqual(found, [rows]);
  });
});

describe('probe', () => {
  it('has passed a time only after its records were seen on every worker', () => {
    fc.assert(
      fc.property(input, runs, (parts, options) => {
        const seen = new Map<number, number>();
        let observed: Probe | null = null;
        simulated((source) => {
          const stream = inspect(relay(source(parts), exchange('key')), (batch) => {
            assert.ok(observed!.lessThan(batch.time + 1), `a record at ${batch.time} after ${observed!.frontier()}`);
            seen.set(batch.time, (seen.get(batch.time) ?? 0) + batch.length);
          });
          observed = probe(stream);
          return stream;
        }, options);
        assert.equal(observed!.closed(), true);
        const total = [...seen.values()].reduce((sum, count) => sum + count, 0);
        assert.equal(total, used(parts, options.peers).length);
      }),
      simulations(25),
    );
  });
});

describe('unary', () => {
  it('sums every time once, when the notificator says that it is complete', () => {
    sameAsPlain(
      (parts) => (source) =>
        unary(
          source(parts),
          exchange('key'),
          { name: 'sum', output: pairSchema },
          ({ output, notificator, worker }) => {
            const sums = new Map<number, number>();
            return (port) => {
              for (const batch of port.arrivals) {
                for (const value of batch.columns.value.subarray(0, batch.length)) {
                  sums.set(batch.time, (sums.get(batch.time) ?? 0) + value);
                }
                notificator.notifyAt(batch.time);
              }
              for (let time = notificator.next(); time !== null; time = notificator.next()) {
                const o = output.at(time).append();
                output.columns.key[o] = worker;
                output.columns.value[o] = sums.get(time)!;
                sums.delete(time);
              }
            };
          },
        ),
      (rows, peers) => {
        const sums = new Map<string, TimedRow>();
        for (const { time, values } of rows) {
          const worker = ((hashKey(values[0]!) >>> 16) * peers) >>> 16;
          const before = sums.get(`${time} ${worker}`)?.values[1] ?? 0;
          sums.set(`${time} ${worker}`, { time, values: [worker, before + values[1]!] });
        }
        return [...sums.values()];
      },
    );
  });

  it('is notified of a time far ahead, although its source pauses while much is in flight', () => {
    const ahead = 200;
    const rows = Array.from({ length: 300 }, (_, ticks) => at(ticks, ticks, 0));
    const found = simulated((source) =>
      unary(source([rows]), pipeline, { name: 'later', output: pairSchema }, ({ output, notificator }) => (port) => {
        for (const batch of port.arrivals) notificator.notifyAt(batch.time + ahead);
        for (let time = notificator.next(); time !== null; time = notificator.next()) output.at(time).append();
      }),
    );
    assert.deepEqual(
      found[0]!.map(({ time }) => time),
      rows.map(({ time }) => time + ahead),
    );
  });

  it('holds its output back by a capability, and may send at its time until it drops it', () => {
    const frontiers: number[] = [];
    let observed: Probe | null = null;
    const found = simulated((source) => {
      const late = unary(
        source([[at(1, 1, 1), at(5, 2, 2), at(9, 3, 3)]]),
        pipeline,
        { name: 'hold', output: pairSchema },
        ({ output }) => {
          const held = output.hold(FIRST_TICK + 1);
          let sent = false;
          return (port) => {
            if (!sent) frontiers.push(observed!.frontier());
            if (sent || port.frontier < FIRST_TICK + 9) return;
            const o = output.at(held.time).append();
            output.columns.key[o] = 42;
            held.drop();
            sent = true;
          };
        },
      );
      observed = probe(late);
      return late;
    });
    assert.deepEqual(found, [[at(1, 42, 0)]]);
    assert.equal(observed!.closed(), true);
    assert.ok(frontiers.every((frontier) => frontier <= FIRST_TICK + 1));
  });
});

describe('binary', () => {
  it('sees the frontiers of both inputs, and notifies when both have passed', () => {
    fc.assert(
      fc.property(input, input, runs, (lefts, rights, options) => {
        const found = simulated((source) => {
          const pacts = [exchange<Types>('key'), exchange<Types>('key')] as const;
          return binary(
            source(lefts),
            source(rights),
            pacts,
            { name: 'count', output: pairSchema },
            ({ output, notificator }) => {
              const waiting = new Map<number, [number, number]>();
              return (left, right) => {
                [left, right].forEach((port, side) => {
                  for (const { time, length } of port.arrivals) {
                    const counts = waiting.get(time) ?? [0, 0];
                    counts[side as 0 | 1] += length;
                    waiting.set(time, counts);
                    notificator.notifyAt(time);
                  }
                });
                for (let time = notificator.next(); time !== null; time = notificator.next()) {
                  const o = output.at(time).append();
                  output.columns.key[o] = waiting.get(time)![0];
                  output.columns.value[o] = waiting.get(time)![1];
                  waiting.delete(time);
                }
              };
            },
          );
        }, options);
        const total = (side: 0 | 1, time: number): number =>
          found.flat().reduce((sum, r) => sum + (r.time === time ? r.values[side]! : 0), 0);
        const plain = (parts: readonly (readonly TimedRow[])[], time: number): number =>
          used(parts, options.peers).filter((r) => r.time === time).length;
        for (let ticks = 0; ticks <= 30; ticks++) {
          const time = FIRST_TICK + ticks;
          assert.deepEqual([total(0, time), total(1, time)], [plain(lefts, time), plain(rights, time)]);
        }
        for (const rows of found) assert.equal(new Set(rows.map(({ time }) => time)).size, rows.length);
      }),
      simulations(20),
    );
  });
});

describe('sources', () => {
  it('send on several outputs, which share a frontier', () => {
    const found = simulated((_, scope) => {
      const [small, large] = sources(scope, 'two', [pairSchema, pairSchema] as const, ([few, many]) => {
        let next = FIRST_TICK;
        return {
          step(now) {
            if (next > now) return next;
            for (const [output, count] of [
              [few, 1],
              [many, 3],
            ] as const) {
              output.at(next);
              for (let n = 0; n < count; n++) {
                const o = output.append();
                output.columns.key[o] = count;
              }
            }
            next += 1;
            return next < FIRST_TICK + 4 ? next : CLOSED;
          },
        };
      });
      return concat(small, large);
    });
    assert.deepEqual(found[0]!.map(({ values }) => values[0]).sort(), [1, 1, 1, 1, ...new Array<number>(12).fill(3)]);
  });

  it('are paused while 16 steps are in flight, have nothing due meanwhile, and go on afterwards', () => {
    let pauses = 0;
    for (let seed = 1; seed <= 20; seed++) {
      let steps = 0;
      let arrived = 0;
      const build: BuildGraph = (_, scope) => {
        const [stream] = sources(scope, 'eager', [pairSchema] as const, ([output]) => ({
          step(_now, paused) {
            if (scope.worker !== 0) return CLOSED;
            const due = scope.operators.find(({ name }) => name.startsWith('eager'))!.nextDue();
            assert.equal(due, paused ? CLOSED : steps);
            if (paused) pauses++;
            else output.columns.key[output.at(steps).append()] = steps++;
            if (arrived < 16) assert.ok(steps <= 16);
            return steps < 500 ? steps : CLOSED;
          },
        }));
        return unary(stream, exchange('key'), { name: 'holder', output: pairSchema }, ({ output }) => {
          const held = scope.worker === 1 ? output.hold(0) : null;
          return ({ arrivals }) => {
            for (const batch of arrivals) arrived += batch.length;
            if (arrived >= 16) held?.drop();
          };
        });
      };
      simulated(build, { peers: 2, seed });
      assert.equal(steps, 500);
    }
    assert.ok(pauses > 0);
  });
});
