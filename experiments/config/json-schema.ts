/**
 * The JSON Schema of config files, for editors. It is derived from the schema that validates, and widened by what is applied
 * before validation: scales, cases, short forms, and a list of values (a sweep) wherever one is expected.
 *
 * Running this file writes `experiments/config.schema.json`.
 */
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { runSchema, SCALES } from './schema.ts';

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

/** The JSON Schema as text, as it stands in `experiments/config.schema.json`. */
export function configSchemaText(): string {
  const { properties } = z.toJSONSchema(runSchema, { io: 'input' }) as unknown as {
    properties: Record<string, Record<string, Json>>;
  };
  const { migrations, latency, ...single } = properties;
  const settings: Json = {
    ...Object.fromEntries(Object.entries(single).map(([key, inner]) => [key, sweepable(inner)])),
    ...(latency !== undefined && { latency }),
    migrations: { type: 'array', items: partial((migrations?.['items'] ?? {}) as Record<string, Json>) },
  };
  const override: Json = { type: 'object', properties: settings, additionalProperties: false };
  const schema: Json = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'An experiment of megaphone',
    $defs: { override },
    type: 'object',
    properties: {
      ...settings,
      scales: {
        type: 'object',
        description: 'What each scale changes; the values outside are those of the paper.',
        properties: Object.fromEntries(SCALES.map((scale) => [scale, { $ref: '#/$defs/override' }])),
        additionalProperties: false,
      },
      cases: {
        type: 'array',
        description: 'Variations laid on everything else, one after the other.',
        items: { $ref: '#/$defs/override' },
      },
    },
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A schema of one value, or of a list of them. */
function sweepable(schema: Record<string, Json>): Json {
  const single = partial(schema);
  if (schema['properties'] !== undefined && schema['shorthand'] === undefined) return single;
  return { anyOf: [single, { type: 'array', items: single, minItems: 1 }] };
}

/** A schema without required keys (a scale or a case may supply them), with its short form, and sweepable inside. */
function partial({ shorthand, shorthandPattern, required: _, ...schema }: Record<string, Json>): Json {
  const { properties, additionalProperties, ...rest } = schema;
  if (properties === undefined) return schema;
  const inner: Json = Object.fromEntries(
    Object.entries(properties as Record<string, Record<string, Json>>).map(([key, value]) => [
      key,
      value['type'] === 'array' ? value : sweepable(value),
    ]),
  );
  const whole: Json = { ...rest, properties: inner, additionalProperties: additionalProperties ?? false };
  if (shorthand === undefined) return whole;
  const pattern: Json[] = shorthandPattern === undefined ? [] : [{ type: 'string', pattern: shorthandPattern }];
  return { anyOf: [{ enum: shorthand }, ...pattern, whole] };
}

if (import.meta.main) writeFileSync(new URL('../config.schema.json', import.meta.url), configSchemaText());
