/** Query 3, incremental join, without migration. */
import type { NativeQuery } from '../query.ts';
import { nativeBinary } from '../../keyed-operator.ts';
import { q3Inputs, q3Join } from './q3-join.ts';
import type { Q3Rows } from './rows.ts';

/** Who sells in the category and lives in one of the states: a row per auction, once it and its seller have arrived. */
export const q3Native: NativeQuery<Q3Rows> = (streams, { parameters }) =>
  nativeBinary(...q3Inputs(streams, parameters), ['id', 'seller'], q3Join);
