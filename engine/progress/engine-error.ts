/** Root of all errors that the engine throws on purpose. The message says what was found, what was expected, and where. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
}
