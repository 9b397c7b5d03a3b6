import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../.config/docs.ts', import.meta.url));

const out = mkdtempSync(join(tmpdir(), 'megaphone-docs-'));
after(() => rmSync(out, { recursive: true, force: true }));

it('the API documentation is made without a warning, and its links lead somewhere', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, out], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
  assert.ok(existsSync(join(out, 'modules/megaphone-engine_migration.html')));
});
