import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The first block of a language behind a line that contains `after`. */
function block(language: string, after: string): string {
  const from = readme.indexOf(`\`\`\`${language}\n`, readme.indexOf(after)) + language.length + 4;
  return readme.slice(from, readme.indexOf('```', from));
}

describe('the README', () => {
  it('has an example that prints what it says', () => {
    const program = block('ts', '## A dataflow');
    const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
    });
    assert.equal(printed, block('text', 'It prints'));
  });

  it('names test suites that exist', () => {
    const table = readme.slice(readme.indexOf('| guarantee'));
    const suites = [...table.matchAll(/`([\w/-]+\.test\.ts)`/g)].map((match) => match[1]!);
    assert.ok(suites.length > 20);
    for (const suite of suites) assert.ok(existsSync(new URL(`../${suite}`, import.meta.url)), `${suite} is missing`);
  });

  it('names imports that the package exports', () => {
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, string>;
    };
    const imports = [...readme.matchAll(/^\| `megaphone-engine(\/\w+)?` *\|/gm)].map((match) => `.${match[1] ?? ''}`);
    assert.deepEqual(imports.sort(), Object.keys(exports).sort());
  });
});
