import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { SchemaError } from '../errors.ts';
import { type ElementType, Schema } from '../schema.ts';

const columns = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 5 }).filter((name) => !/^\d+$/.test(name) && name !== '__proto__'),
  fc.constantFrom<ElementType>('float64', 'int32', 'uint8'),
  { minKeys: 1, maxKeys: 6, noNullPrototype: true },
);

describe('schemas', () => {
  it('keep the order of columns and know the bytes of a record', () => {
    const schema = new Schema({ key: 'float64', kind: 'uint8', count: 'int32' });
    assert.deepEqual(schema.names, ['key', 'kind', 'count']);
    assert.deepEqual(schema.types, ['float64', 'uint8', 'int32']);
    assert.equal(schema.bytesPerRow, 13);
    assert.equal(schema.blockBytes(8), 104);
    assert.equal(schema.toString(), '(key float64, kind uint8, count int32)');
  });

  it('view disjoint, aligned columns of their types', () => {
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 8 }), fc.nat(4), (types, eighths, at) => {
        const schema = new Schema(types);
        const rows = 8 * eighths;
        const buffer = new ArrayBuffer(8 * at + schema.blockBytes(rows));
        const views = schema.view(buffer, 8 * at, rows);
        schema.names.forEach((name, c) => views[name]!.fill(c + 1));
        schema.names.forEach((name, c) => {
          assert.equal(views[name]!.length, rows);
          assert.equal(views[name]!.constructor.name.toLowerCase(), `${types[name]}array`);
          assert.ok(views[name]!.every((value) => value === c + 1));
        });
      }),
    );
  });

  it('are refused without columns, and with an unknown element type', () => {
    assert.throws(() => new Schema({}), { name: 'SchemaError', message: 'a schema needs at least one column' });
    assert.throws(() => new Schema({ key: 'int64' as ElementType }), {
      name: 'SchemaError',
      message: 'column "key": unknown element type "int64"; expected float64, int32 or uint8',
    });
  });

  it('say which column is missing or cannot hold keys, and where', () => {
    const schema = new Schema({ key: 'float64', count: 'int32' });
    const wide = new Schema({ key: 'float64', count: 'int32', kind: 'uint8' });
    for (const name of ['key', 'count']) wide.requireKey(name, 'here');
    assert.throws(() => schema.requireKey('kye', 'exchange of words#0.output[0]'), {
      name: 'SchemaError',
      message: 'exchange of words#0.output[0]: no column "kye"; the stream has (key float64, count int32)',
    });
    assert.throws(() => wide.requireKey('kind', 'here'), /here: column "kind" is uint8; expected float64 or int32/);
    assert.throws(() => schema.requireKey('toString', 'here'), SchemaError);
  });
});
