/** Query 3, incremental join, with migration. */
import type { MegaphoneQuery } from '../query.ts';
import { megaphoneBinary } from '../../keyed-operator.ts';
import { q3Inputs, q3Join } from './q3-join.ts';
import type { Q3Rows } from './rows.ts';

/** Who sells in the category and lives in one of the states: a row per auction, once it and its seller have arrived. */
export const q3Megaphone: MegaphoneQuery<Q3Rows> = (streams, control, { parameters }) => {
  const joined = megaphoneBinary(...q3Inputs(streams, parameters), ['id', 'seller'], control, q3Join);
  return { stream: joined.stream, migratables: [joined] };
};
