/** An answer that counts once two of at most three tries agree: another tenant of the machine can spoil a single one. */
export async function confirmed(attempt: (number: number) => Promise<boolean>): Promise<boolean> {
  const first = await attempt(1);
  return (await attempt(2)) === first ? first : attempt(3);
}
