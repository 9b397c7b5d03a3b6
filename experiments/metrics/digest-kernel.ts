/**
 * The inner loop of the digest: the hashes of records, summed up with wrap-around at 64 bits.
 *
 * A multiplication of 64 bits is one instruction in WebAssembly. JavaScript has it of 32 bits only, where a hash of two
 * numbers costs 4 to 5.5 ns against 1.9 here. A module of about a hundred bytes is assembled per number of columns, its
 * loop unrolled over them.
 */

/** What is used of WebAssembly: the types of neither the language nor Node declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Rows that a kernel's columns have room for: all of two columns lies in the first-level cache. */
export const KERNEL_ROWS = 1024;

/** A kernel and the memory that it reads. One thread uses it. */
export interface DigestKernel {
  /** Where the numbers of the records are put: one array of KERNEL_ROWS doubles per column. */
  readonly columns: readonly Float64Array[];
  /** Sum, modulo 2^64, of the hashes of the first `rows` (1 to KERNEL_ROWS) records. */
  sum(rows: number): bigint;
}

const WORD_BYTES = 8;
const COLUMN_BYTES = KERNEL_ROWS * WORD_BYTES;
const PAGE_BYTES = 65_536;

/** Odd multipliers without a pattern in their bits, used in turn; and where hashes start. */
const MULTIPLIERS = [0x9e3779b97f4a7c15n, 0xd6e8feb86659fd93n, 0xa0761d6478bd642fn] as const;
const SEED = 0x3c6ef3721f83d9abn;
/** Half of a product's bits: its upper half, which depends on all of the factor, is folded into the lower one. */
const FOLD_BITS = 32n;
/** The bits of the double -0. */
const MINUS_ZERO = 2n ** 63n;

/** The bytes of WebAssembly that are used, by the names of its specification. */
const I32 = 0x7f;
const I64 = 0x7e;
const FUNCTION_TYPE = 0x60;
const EMPTY_BLOCK = 0x40;
const OP = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branchIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i64Load: 0x29,
  i32Const: 0x41,
  i64Const: 0x42,
  i32LessUnsigned: 0x49,
  i32Add: 0x6a,
  i64Equal: 0x51,
  i64Add: 0x7c,
  i64Multiply: 0x7e,
  i64Xor: 0x85,
  i64ShiftRightUnsigned: 0x88,
} as const;
const ALIGNED_TO_8 = 3;

/** Locals of the function: its parameter comes first. */
const END = 0;
const OFFSET = 1;
const HASH = 2;
const SUM = 3;
const NUMBER = 4;

/** A kernel for records of `columns` (1 or more) numbers; records of different lengths are hashed differently. */
export function digestKernel(columns: number): DigestKernel {
  const pages = Math.ceil((columns * COLUMN_BYTES) / PAGE_BYTES);
  const module = new WebAssembly.Module(moduleBytes(columns, pages));
  const { sum, memory } = new WebAssembly.Instance(module).exports as {
    readonly sum: (endBytes: number) => bigint;
    readonly memory: { readonly buffer: ArrayBuffer };
  };
  return {
    columns: Array.from(
      { length: columns },
      (_, column) => new Float64Array(memory.buffer, column * COLUMN_BYTES, KERNEL_ROWS),
    ),
    sum: (rows) => sum(rows * WORD_BYTES),
  };
}

function moduleBytes(columns: number, pages: number): Uint8Array<ArrayBuffer> {
  const code = functionBody(columns);
  return new Uint8Array([
    ...[0, ...ascii('asm'), 1, 0, 0, 0],
    ...section(1, [1, FUNCTION_TYPE, 1, I32, 1, I64]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, ...unsigned(pages), ...unsigned(pages)]),
    ...section(7, [2, 3, ...ascii('sum'), 0, 0, 6, ...ascii('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

/** A loop over the offset of a row in its column, up to END. */
function functionBody(columns: number): number[] {
  const locals = [2, 1, I32, 3, I64];
  return [
    ...locals,
    ...[OP.loop, EMPTY_BLOCK],
    ...hashOfRow(columns),
    ...[OP.localGet, SUM, OP.i64Add, OP.localSet, SUM],
    ...[OP.localGet, OFFSET, OP.i32Const, ...signed(BigInt(WORD_BYTES)), OP.i32Add, OP.localTee, OFFSET],
    ...[OP.localGet, END, OP.i32LessUnsigned, OP.branchIf, 0],
    OP.end,
    ...[OP.localGet, SUM, OP.end],
  ];
}

/** Leaves the hash of the row at OFFSET on the stack. */
function hashOfRow(columns: number): number[] {
  const code = [OP.i64Const, ...signed(SEED + BigInt(columns))];
  for (let column = 0; column < columns; column++) {
    code.push(
      ...[OP.localGet, OFFSET, OP.i64Load, ALIGNED_TO_8, ...unsigned(column * COLUMN_BYTES), OP.localTee, NUMBER],
      // -0 becomes 0. The branch is never taken in practice: cheaper than arithmetic that does the same.
      ...[OP.i64Const, ...signed(MINUS_ZERO), OP.i64Equal, OP.if, EMPTY_BLOCK],
      ...[OP.i64Const, 0, OP.localSet, NUMBER, OP.end],
      ...[OP.localGet, NUMBER, OP.i64Add],
      ...mixed(MULTIPLIERS[column % MULTIPLIERS.length]!),
    );
  }
  // The last number has not reached all bits by one multiplication.
  return [...code, ...mixed(MULTIPLIERS[columns % MULTIPLIERS.length]!)];
}

/** Replaces the hash on the stack by its product with the multiplier, folded. */
function mixed(multiplier: bigint): number[] {
  return [
    ...[OP.i64Const, ...signed(multiplier), OP.i64Multiply, OP.localTee, HASH],
    ...[OP.localGet, HASH, OP.i64Const, ...signed(FOLD_BITS), OP.i64ShiftRightUnsigned, OP.i64Xor],
  ];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 of the low 64 bits. */
function signed(bits: bigint): number[] {
  const value = BigInt.asIntN(64, bits);
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const last = rest === (low & 0x40 ? -1n : 0n);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}
