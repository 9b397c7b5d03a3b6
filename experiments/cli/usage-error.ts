import { InputError } from '../config/input-error.ts';

/** A command line that cannot be understood. */
export class UsageError extends InputError {
  override name = 'UsageError';
}
