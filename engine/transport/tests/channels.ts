/** Channels for tests of the transport. */
import type { ChannelSpec } from '../../dataflow/transport.ts';
import { Schema } from '../../dataflow/schema.ts';

/** Columns of every element type. */
export const mixedSchema = new Schema({ key: 'float64', kind: 'uint8', count: 'int32' });

/** A channel of mixed columns. */
export function mixedChannel(rows: number, slots: number, id = 0): ChannelSpec<(typeof mixedSchema)['columns']> {
  return { id, name: `channel ${id}`, schema: mixedSchema, rows, slots, output: id, namesExtents: false };
}
