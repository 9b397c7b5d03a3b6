/** A measurement that cannot be true, or measurements that do not fit together. The message says which. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
}
