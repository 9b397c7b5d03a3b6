import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { configSchemaText } from '../json-schema.ts';

it('the committed JSON Schema is up to date (otherwise: node experiments/config/json-schema.ts)', () => {
  const committed: unknown = JSON.parse(readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8'));
  assert.deepEqual(committed, JSON.parse(configSchemaText()));
});
