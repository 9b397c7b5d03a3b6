/** The errors of building and running a dataflow graph. */
import { EngineError } from '../progress/engine-error.ts';

/** A graph that is wrong: an unconnected input, an operator added too late, workers that built different graphs. */
export class GraphError extends EngineError {
  override readonly name = 'GraphError';
}

/** A schema or a column that does not fit. */
export class SchemaError extends EngineError {
  override readonly name = 'SchemaError';
}
