/**
 * The dictionaries behind the text columns: a column holds a code, which is the index of the text in its dictionary.
 */

/** The states a person lives in. */
export const states = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'] as const;

/** The cities a person lives in; drawn independently of the state, as in the original generator. */
export const cities = [
  'Tucson',
  'Sacramento',
  'Oakland',
  'Boise',
  'Salem',
  'Eugene',
  'Spokane',
  'Tacoma',
  'Casper',
  'Laramie',
] as const;

/** First names. */
export const firstNames = ['Ada', 'Ben', 'Cora', 'Dan', 'Eve', 'Finn', 'Gina', 'Hugo', 'Iris', 'Jon', 'Kim'] as const;

/** Last names. */
export const lastNames = ['Adams', 'Brook', 'Clark', 'Dale', 'Ellis', 'Ford', 'Grant', 'Hill', 'Irwin'] as const;

/** Full names: the code of first name f and last name l is f * lastNames.length + l. */
export const names: readonly string[] = firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`));

/** The codes of the states that query 3 asks for: OR, ID and CA. */
export const query3States: readonly number[] = [states.indexOf('OR'), states.indexOf('ID'), states.indexOf('CA')];
