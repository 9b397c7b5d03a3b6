/** What every container of a worker needs: which keys meet in a bin, and memory for bins. */
import type { Extents } from '../../dataflow/extents.ts';
import type { Binning } from '../binning.ts';

/** The bins that containers of one worker are made for. */
export interface Bins<B extends Binning = Binning> {
  /** From keys to bins. */
  readonly binning: B;
  /** Memory of the worker's process. */
  readonly extents: Extents;
}
