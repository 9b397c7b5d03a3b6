import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nearest, suggestion } from '../nearest.ts';

describe('nearest', () => {
  it('finds the name with the fewest edits', () => {
    assert.equal(nearest('wokers', ['processes', 'workers']), 'workers');
    assert.equal(nearest('allatonce', ['all-at-once', 'fluid']), 'all-at-once');
    assert.equal(nearest('FLUID', ['all-at-once', 'fluid']), 'fluid');
  });

  it('completes what was begun', () => {
    assert.equal(nearest('dry', ['verify', 'dry-run']), 'dry-run');
  });

  it('finds nothing when all names are far', () => {
    assert.equal(nearest('zzzzzz', ['processes', 'workers']), undefined);
    assert.equal(nearest('x', []), undefined);
  });

  it('finds a name that is there', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
        const [first = ''] = names;
        return nearest(first, [first, ...names]) === first;
      }),
    );
  });
});

describe('suggestion', () => {
  it('asks for the nearest name, or lists all', () => {
    assert.equal(suggestion('fig2', ['fig1']), 'did you mean fig1?');
    assert.equal(suggestion('zzzzzz', ['a', 'b', 'c']), 'expected one of a, b, c');
  });
});
