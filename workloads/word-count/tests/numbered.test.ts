/**
 * Numbered words: every record of the load and of the schedule has one result with its number, whose word is the record's; without
 * the numbers the results are those of the oracle.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  assertSameRows,
  byStrategy,
  expectedRows,
  runMegaphone,
  runNative,
  strategies,
  testInput,
  transports,
  type WorkloadRun,
} from '../../tests/run-workload.ts';
import { hashCountWorkload, keyCountWorkload } from '../word-count.ts';
import { WordGenerator } from '../words.ts';

const DOMAIN = 50;
const SEED = 3;
const RECORDS = 1500;

function assertNumbered({ rows }: WorkloadRun, expected: readonly string[], label: string): void {
  const split = rows.map((row) => row.split(','));
  assertSameRows(split.map(([key, count]) => `${key},${count}`).sort(), expected, label);
  const words = new WordGenerator(SEED, DOMAIN);
  // The load's record n is the word n.
  const records = [
    ...Array.from({ length: RECORDS }, (_, n) => `${n}:${words.keyOf(n)}`),
    ...Array.from({ length: DOMAIN }, (_, n) => `${n}:${n}`),
  ];
  assert.deepEqual(split.map(([key, , n]) => `${n}:${key}`).sort(), records.sort(), label);
}

describe('numbered word count', () => {
  for (const [name, workload] of Object.entries({ 'key-count': keyCountWorkload, 'hash-count': hashCountWorkload })) {
    it(`${name} gives each result the number of its record, native and while bins move`, () => {
      const plain = { ...testInput(RECORDS, 5, SEED, {}), domain: DOMAIN };
      const input = { ...plain, numbered: true };
      const expected = expectedRows(workload, plain);
      assert.deepEqual(expectedRows(workload, input), expected);
      for (const [i, transport] of transports.entries()) {
        for (const peers of [1, 3]) {
          const setting = { ...transport, peers, seed: 1 };
          assertNumbered(runNative(workload, input, setting), expected, `native, ${peers} workers`);
          const migrations = byStrategy(input, peers, 3, strategies[i]!);
          assertNumbered(runMegaphone(workload, input, setting, migrations), expected, `megaphone, ${peers} workers`);
        }
      }
    });
  }
});
