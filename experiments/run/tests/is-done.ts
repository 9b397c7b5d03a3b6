/** Whether the command line has made all runs, by its exit code: on a busy machine one of them may not have kept up (4). */
export function isDone(code: number | null): boolean {
  return code === 0 || code === 4;
}
