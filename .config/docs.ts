/**
 * Makes the API documentation from the doc comments, and checks that every link between its pages leads somewhere. A warning fails it.
 *
 *     npm run docs                # in docs/
 *     npm run docs -- elsewhere
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = dirname(import.meta.dirname);

/** Links of a page: relative paths, with or without a place in the page that they lead to. */
function linksOf(html: string): string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/gu)]
    .map((match) => match[1]!.replaceAll('&amp;', '&'))
    .filter((link) => link !== '' && !/^[a-z]+:/u.test(link));
}

/** The links that lead nowhere, each with its page. */
function brokenLinks(out: string): string[] {
  const pages = new Map(
    globSync('**/*.{html,svg}', { cwd: out }).map((page) => [join(out, page), readFileSync(join(out, page), 'utf8')]),
  );
  const broken: string[] = [];
  for (const [page, html] of pages) {
    if (!page.endsWith('.html')) continue;
    for (const link of linksOf(html)) {
      const [path = '', place = ''] = link.split('#', 2).map(decodeURIComponent);
      const target = path === '' ? page : resolve(dirname(page), path);
      const hasPlace = place === '' || pages.get(target)?.includes(`id="${place}"`) === true;
      if (!existsSync(target) || !hasPlace) broken.push(`${page}: ${link}`);
    }
  }
  return broken;
}

const out = resolve(process.argv[2] ?? join(ROOT, 'docs'));
const typedoc = join(ROOT, 'node_modules/typedoc/bin/typedoc');
const args = ['--options', join(ROOT, '.config/typedoc.json'), '--out', out];
try {
  execFileSync(process.execPath, [typedoc, ...args], { stdio: 'inherit' });
  const broken = brokenLinks(out);
  if (broken.length > 0) throw new Error(`${broken.length} links lead nowhere:\n${broken.join('\n')}`);
} catch (error) {
  // typedoc has said what is wrong.
  if (!(error instanceof Error && 'status' in error)) process.stderr.write(`docs: ${String(error)}\n`);
  process.exitCode = 1;
}
