import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { allocateRings, ringSizes, SharedMemoryTransport } from '../../transport/shared-memory.ts';
import { MAX_OUTPUTS } from '../../progress/frontier-cells.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { GraphError, SchemaError } from '../errors.ts';
import { ArrivalsPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import { binary } from '../operators/binary.ts';
import { concat } from '../operators/concat.ts';
import { probe } from '../operators/probe.ts';
import { relay } from '../operators/relay.ts';
import { source, sources } from '../operators/source.ts';
import { unary } from '../operators/unary.ts';
import { exchange, type Pact, pipeline } from '../pact.ts';
import { Schema } from '../schema.ts';
import { type ChannelSize, Scope } from '../scope.ts';
import type { Stream } from '../stream.ts';

const schema = new Schema({ key: 'float64', count: 'int32' });
const other = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

/** Reads a stream and has no output. */
class Sink extends Operator {
  constructor(stream: Stream<Types>, pact: Pact<Types> = pipeline, size: ChannelSize = {}) {
    super(stream.scope, 'sink');
    this.addInput(stream, pact, size);
  }

  protected override run(): boolean {
    return false;
  }
}

const scopeOf = (): Scope => new Scope(0, 1, { now: () => 0 }, { rows: 8, slots: 2 });

const silent = (scope: Scope): Stream<Types> => source(scope, 'words', schema, () => ({ step: () => CLOSED }));

function start(scope: Scope): void {
  const graph = scope.describe();
  scope.start(new SharedMemoryTransport(allocateRings(ringSizes(graph, 1)), 0, 1));
}

describe('graphs are refused', () => {
  it('with an operator, a channel or a start that comes after the start', () => {
    const scope = scopeOf();
    const stream = silent(scope);
    start(scope);
    assert.throws(() => silent(scope), {
      name: 'GraphError',
      message: 'operator words#1: the dataflow was started already; build the whole graph before the start',
    });
    assert.throws(() => new Sink(stream), GraphError);
    assert.throws(
      () => scope.connect(stream, 'late', pipeline, {}, (origin) => new ArrivalsPort(origin)),
      /channel words#0.output\[0\] -> late: the dataflow was started already/,
    );
    assert.throws(() => scope.createOutput('late', schema), /output late: the dataflow was started already/);
    assert.throws(() => start(scope), /second start: the dataflow was started already/);
  });

  it('with a stream of another dataflow', () => {
    const mine = silent(scopeOf());
    const foreign = silent(scopeOf());
    assert.throws(() => concat(mine, foreign), {
      name: 'GraphError',
      message: 'channel words#0.output[0] -> concat#1.input[1]: the stream belongs to another dataflow',
    });
    const build = () => () => {};
    assert.throws(
      () => binary(mine, foreign, [pipeline, pipeline], { name: 'join', output: other }, build),
      GraphError,
    );
  });

  it('with an exchange by a column that does not exist, or holds no keys, when they start', () => {
    const flags = new Schema({ key: 'float64', flag: 'uint8' });
    const started = (column: string): void => {
      const scope = scopeOf();
      const stream = source(scope, 'flags', flags, () => ({ step: () => CLOSED }));
      unary(stream, exchange(column as 'key'), { name: 'sum', output: other }, () => () => {});
      start(scope);
    };
    started('key');
    const channel = 'exchange flags#0.output[0] -> sum#1.input[0]';
    assert.throws(() => started('kye'), {
      name: 'SchemaError',
      message: `${channel}: no column "kye"; the stream has (key float64, flag uint8)`,
    });
    assert.throws(() => started('flag'), {
      name: 'SchemaError',
      message: `${channel}: column "flag" is uint8; expected float64 or int32`,
    });
  });

  it('with more outputs than there are cells', () => {
    const scope = scopeOf();
    for (let i = 0; i < MAX_OUTPUTS; i++) scope.createOutput(`output ${i}`, other);
    assert.throws(() => scope.createOutput('one more', other), {
      name: 'GraphError',
      message: `output one more: expected at most ${MAX_OUTPUTS} outputs`,
    });
  });

  it('with a concat of different columns', () => {
    const scope = scopeOf();
    const narrow = source(scope, 'narrow', other, () => ({ step: () => CLOSED }));
    assert.throws(() => concat(silent(scope), narrow as unknown as Stream<Types>), {
      name: 'SchemaError',
      message: 'concat#2: narrow#0.output[0] has (key float64); expected (key float64, count int32)',
    });
  });

  it('with channels of sizes that rings cannot have', () => {
    const connect = (size: ChannelSize): void => {
      new Sink(silent(scopeOf()), exchange('key'), size);
    };
    connect({ rows: 16, slots: 4 });
    assert.throws(() => connect({ rows: 12 }), SchemaError);
    assert.throws(() => connect({ rows: 0 }), /words#0.output\[0\] -> sink#1.input\[0\]: 0 rows; expected a multiple/);
    assert.throws(() => connect({ slots: 3 }), /3 slots; expected a power of two from 2 on/);
    assert.throws(() => connect({ slots: 1 }), GraphError);
  });
});

describe('probes of a dataflow', () => {
  it('can be made before their stream, and are attached once', () => {
    const scope = scopeOf();
    const handle = scope.probe();
    const stream = silent(scope);
    assert.equal(probe(stream, handle), handle);
    assert.throws(() => probe(stream, handle), { name: 'EngineError', message: 'probe of output 0: attached twice' });
    const second = probe(stream);
    start(scope);
    for (const operator of scope.operators) operator.step();
    assert.deepEqual([handle.closed(), second.closed(), scope.completed()], [true, true, CLOSED]);
  });
});

describe('the description of a graph', () => {
  it('names the outputs and lists the channels between workers', () => {
    const scope = scopeOf();
    const stream = relay(silent(scope), exchange('key'));
    unary(stream, pipeline, { name: 'sum', output: other }, () => () => {});
    const { outputs, channels, text } = scope.describe();
    assert.deepEqual(outputs, ['words#0.output[0]', 'relay#1.output[0]', 'sum#2.output[0]']);
    assert.deepEqual(
      channels.map(({ schema: { columns }, ...channel }) => ({ ...channel, columns })),
      [
        {
          id: 0,
          name: 'words#0.output[0] -> relay#1.input[0]',
          columns: schema.columns,
          rows: 8,
          slots: 2,
          output: 0,
          namesExtents: false,
        },
      ],
    );
    assert.match(text, /relay#1\.output\[0\] -> sum#2\.input\[0\] \(key float64, count int32\) pipeline/);
  });

  it('differs when only the outputs differ, connected or not', () => {
    const describe = (schemas: readonly Schema[]): string => {
      const scope = scopeOf();
      sources(scope, 'many', schemas, () => ({ step: () => CLOSED }));
      return scope.describe().text;
    };
    assert.equal(describe([schema, other]), describe([schema, other]));
    assert.notEqual(describe([schema]), describe([schema, schema]));
    assert.notEqual(describe([schema]), describe([other]));
  });
});
