/**
 * Schemas: the named, fixed-width columns of a stream.
 *
 * Numbers are stored as they are; text of a small vocabulary is dictionary-coded by whoever makes the records.
 */
import { SchemaError } from './errors.ts';

/** Element types of columns. */
export type ElementType = 'float64' | 'int32' | 'uint8';

/** Column names and their element types, in the order of the wire format. */
export type ColumnTypes = Readonly<Record<string, ElementType>>;

/** The typed array that holds a column. */
export type ColumnArray = Float64Array | Int32Array | Uint8Array;

/** The typed array of one element type. */
export type ArrayOf<T extends ElementType> = T extends 'float64'
  ? Float64Array
  : T extends 'int32'
    ? Int32Array
    : Uint8Array;

/** The columns of a batch by name. */
export type Columns<C extends ColumnTypes> = { readonly [K in keyof C]: ArrayOf<C[K]> };

/** A column of keys: integers from 0 on, below 2^31 as int32, otherwise as float64. */
export type KeyArray = Float64Array | Int32Array;

/** Names of the columns that can hold keys. */
export type KeyColumnOf<C extends ColumnTypes> = {
  [K in keyof C]: C[K] extends 'float64' | 'int32' ? K : never;
}[keyof C] &
  string;

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = { float64: 8, int32: 4, uint8: 1 };

/** The columns of a stream: names, element types, and their place in a block of memory. */
export class Schema<C extends ColumnTypes = ColumnTypes> {
  /** Column names to element types, as given. */
  readonly columns: C;
  /** Column names in order. */
  readonly names: readonly string[];
  /** Element types in order of `names`. */
  readonly types: readonly ElementType[];
  /** Bytes of one record. */
  readonly bytesPerRow: number;

  /**
   * A schema of the given columns.
   *
   * @throws {SchemaError} when there are none, or an element type is unknown.
   */
  constructor(columns: C) {
    this.columns = columns;
    this.names = Object.keys(columns);
    this.types = Object.values(columns);
    if (this.names.length === 0) throw new SchemaError('a schema needs at least one column');
    let bytes = 0;
    for (const [name, type] of Object.entries(columns)) {
      const width: number | undefined = ELEMENT_BYTES[type];
      if (width === undefined) {
        throw new SchemaError(`column "${name}": unknown element type "${type}"; expected float64, int32 or uint8`);
      }
      bytes += width;
    }
    this.bytesPerRow = bytes;
  }

  /**
   * Checks that a column of that name exists and can hold keys.
   *
   * @throws {SchemaError} when it is missing or of another type; the message lists the columns and says where.
   */
  requireKey(name: string, where: string): void {
    const type = Object.hasOwn(this.columns, name) ? this.columns[name] : undefined;
    if (type === undefined) {
      throw new SchemaError(`${where}: no column "${name}"; the stream has ${this.toString()}`);
    }
    if (type === 'uint8') {
      throw new SchemaError(`${where}: column "${name}" is ${type}; expected float64 or int32`);
    }
  }

  /** Bytes of a block that holds `rows` records; `rows` is a multiple of 8, so that every column is aligned. */
  blockBytes(rows: number): number {
    return this.bytesPerRow * rows;
  }

  /**
   * Views the columns of a block at `offset` (a multiple of 8) that holds `rows` records: column after column.
   */
  view(buffer: ArrayBufferLike, offset: number, rows: number): Columns<C> {
    const views: Record<string, ColumnArray> = {};
    let at = offset;
    for (let c = 0; c < this.names.length; c++) {
      const type = this.types[c]!;
      const name = this.names[c]!;
      if (type === 'float64') views[name] = new Float64Array(buffer, at, rows);
      else if (type === 'int32') views[name] = new Int32Array(buffer, at, rows);
      else views[name] = new Uint8Array(buffer, at, rows);
      at += ELEMENT_BYTES[type] * rows;
    }
    return views as Columns<C>;
  }

  /** For instance `(key float64, count float64)`. */
  toString(): string {
    return `(${this.names.map((name, c) => `${name} ${this.types[c]}`).join(', ')})`;
  }
}
