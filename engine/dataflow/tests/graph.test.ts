import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { allocateShared, SharedMemoryTransport, sharedSizes } from '../../transport/shared-memory.ts';
import { CLOSED } from '../../progress/timestamp.ts';
import { GraphError, SchemaError } from '../errors.ts';
import type { InputPort } from '../input-port.ts';
import { Operator } from '../operator.ts';
import { concat } from '../operators/concat.ts';
import { exchange } from '../operators/exchange.ts';
import { source, sources } from '../operators/source.ts';
import { binary, unary } from '../operators/unary.ts';
import { exchangeBy } from '../pact.ts';
import { Schema } from '../schema.ts';
import { type ChannelSize, Scope } from '../scope.ts';
import type { Stream } from '../stream.ts';

const schema = new Schema({ key: 'float64', count: 'int32' });
const other = new Schema({ key: 'float64' });
type Types = (typeof schema)['columns'];

/** Reads a stream and has no output. */
class Sink extends Operator {
  readonly input: InputPort<Types>;

  constructor(scope: Scope) {
    super(scope, 'sink');
    this.input = this.addInput<Types>();
  }

  protected override run(): boolean {
    return false;
  }
}

const scopeOf = (): Scope => new Scope(0, 1, { now: () => 0 }, { rows: 8, slots: 2 });

const silent = (scope: Scope): Stream<Types> => source(scope, 'words', schema, () => ({ step: () => CLOSED }));

function start(scope: Scope): void {
  const graph = scope.describe();
  scope.start(new SharedMemoryTransport(allocateShared(sharedSizes(graph, 1)), graph.outputs, 0, 1));
}

describe('graphs are refused', () => {
  it('with an input that is not connected', () => {
    const scope = scopeOf();
    silent(scope);
    new Sink(scope);
    assert.throws(() => scope.describe(), {
      name: 'GraphError',
      message: 'sink#1.input[0] is not connected; connect a stream before the start',
    });
  });

  it('with an operator, a channel or a start that comes after the start', () => {
    const scope = scopeOf();
    const stream = silent(scope);
    start(scope);
    assert.throws(() => silent(scope), {
      name: 'GraphError',
      message: 'operator words#1: the dataflow was started already; build the whole graph before the start',
    });
    assert.throws(() => new Sink(scope), GraphError);
    assert.throws(() => scope.connect(stream, scope.operators[0]!.inputs[0]! as never), TypeError);
    assert.throws(() => scope.createOutput('late', schema), /output late: the dataflow was started already/);
    assert.throws(() => start(scope), /second start: the dataflow was started already/);
  });

  it('with two streams at one input', () => {
    const scope = scopeOf();
    const stream = silent(scope);
    const sink = new Sink(scope);
    scope.connect(stream, sink.input);
    assert.throws(() => scope.connect(stream, sink.input), {
      name: 'GraphError',
      message: 'sink#1.input[0]: connected already; expected one stream per input',
    });
  });

  it('with a stream of another dataflow', () => {
    const mine = silent(scopeOf());
    const foreign = silent(scopeOf());
    assert.throws(() => concat(mine, foreign), {
      name: 'GraphError',
      message: 'channel words#0.output[0] -> concat#1.input[1]: the stream belongs to another dataflow',
    });
    const build = () => () => {};
    assert.throws(() => binary(mine, foreign, 'join', [null, null], other, build), GraphError);
  });

  it('with an exchange by a column that does not exist, or is no float64', () => {
    const stream = silent(scopeOf());
    assert.throws(() => exchange(stream, 'kye' as 'key'), {
      name: 'SchemaError',
      message: 'exchange of words#0.output[0]: no column "kye"; the stream has (key float64, count int32)',
    });
    assert.throws(() => exchange(stream, 'count' as 'key'), {
      name: 'SchemaError',
      message: 'exchange of words#0.output[0]: column "count" is int32; expected float64',
    });
  });

  it('with an exchange pact by a column that does not exist, when they start', () => {
    const scope = scopeOf();
    unary(silent(scope), 'sum', exchangeBy('kye' as 'key', 1), other, () => () => {});
    assert.throws(() => start(scope), {
      name: 'SchemaError',
      message:
        'exchange words#0.output[0] -> sum#1.input[0]: no column "kye"; the stream has (key float64, count int32)',
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
      const scope = scopeOf();
      scope.connect(silent(scope), new Sink(scope).input, exchangeBy('key', 1), size);
    };
    connect({ rows: 16, slots: 4 });
    assert.throws(() => connect({ rows: 12 }), SchemaError);
    assert.throws(() => connect({ rows: 0 }), /words#0.output\[0\] -> sink#1.input\[0\]: 0 rows; expected a multiple/);
    assert.throws(() => connect({ slots: 3 }), /3 slots; expected a power of two from 2 on/);
    assert.throws(() => connect({ slots: 1 }), GraphError);
  });
});

describe('the description of a graph', () => {
  it('counts outputs and lists the channels between workers', () => {
    const scope = scopeOf();
    const stream = exchange(silent(scope), 'key');
    unary(stream, 'sum', null, other, () => () => {});
    const { outputs, channels, text } = scope.describe();
    assert.equal(outputs, 3);
    assert.deepEqual(
      channels.map(({ id, name, rows, slots }) => ({ id, name, rows, slots })),
      [{ id: 0, name: 'words#0.output[0] -> exchange#1.input[0]', rows: 8, slots: 2 }],
    );
    assert.match(text, /exchange#1\.output\[0\] -> sum#2\.input\[0\] \(key float64, count int32\) pipeline/);
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
