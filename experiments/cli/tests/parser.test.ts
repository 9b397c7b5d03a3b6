import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageConfigs } from '../config-path.ts';
import { InputError } from '../../config/input-error.ts';
import { ResultsError } from '../../results/results-error.ts';
import { completions } from '../completion-command.ts';
import { commandLine } from '../parser.ts';

const signal = new AbortController().signal;
const file = fileURLToPath(import.meta.url);

describe('a command line that cannot be understood is refused in one line', () => {
  for (const [args, line] of [
    [
      [],
      'expected a command: run, watch, figures, rate, worker, claims, list, show, plot, report, compare, clean, plan, loc, completion; see megaphone --help',
    ],
    [['rn', 'fig1'], 'unknown command rn; did you mean run?'],
    [['run'], 'run needs a config, for instance fig1; see megaphone --help'],
    [['run', 'fig1', '--dry'], 'unknown option --dry; did you mean --dry-run?'],
    [['run', 'fig1', '--scale', 'labtop'], '--scale: unknown scale "labtop"; did you mean laptop?'],
    [['run', 'fig5', '--query', 'q9'], '--query: unknown query "q9"; did you mean q1?'],
    [['run', 'fig1', '--query', 'q5'], '--query q5: fig1.yaml runs key-count; expected a config of a NEXMark query'],
    [
      ['run', 'fig9', '--set', 'workload.parameters.q5SlideUs=7e6'],
      '--set workload.parameters.q5SlideUs: expected a divisor of q5WindowUs (60000000), found 7000000',
    ],
    [['run', 'fig1', '--repeat', 'abc'], '--repeat: expected a whole number of repeats from 1 to 1000, found "abc"'],
    [['run', 'fig1', '--repeat', '1', '--repeat', '2'], '--repeat was given 2 times; expected it once'],
    [['run', 'fig1', '--out'], '--out needs a value'],
    [['run', 'fig2'], 'fig2: no such config; did you mean fig20?'],
    [['figures', 'fig5', 'fig166'], 'fig166: no such figure; did you mean fig16?'],
    [['figures', 'table'], 'table: no such figure; did you mean table1?'],
    [['figures', '--scael', 'smoke'], 'unknown option --scael; did you mean --scale?'],
    [['run', 'fig1', '--set', 'topology.wokers=1'], '--set topology.wokers: unknown key; did you mean workers?'],
    [['plan'], 'plan needs --workers, or a config; see megaphone plan --help'],
    [['plan', '--workers', '4', '--strategy', 'batched'], 'batched needs --bins-per-step'],
    [['plot', 'nowhere'], 'nowhere: no such folder; expected a folder of results, for instance results/fig1'],
    [['plot'], 'plot needs the results of an experiment, for instance results/fig1; see megaphone --help'],
    [['plot', file], `${file}: not a folder; expected a folder of results, for instance results/fig1`],
    [
      ['run', 'fig1', '--metrics-port', '99999'],
      '--metrics-port: expected a port up to 65535 (0 is any that is free), found "99999"',
    ],
    [['run', 'fig1', '--port', '8080'], '--port: belongs to the live page; expected --live with it'],
    [['run', 'fig1', '--life'], 'unknown option --life; did you mean --live?'],
    [['watch', file], `${file}: not a folder; expected a folder of results, for instance results`],
    [['run', 'fig1', 'extra'], 'unknown argument extra; see megaphone --help'],
    [['run', 'fig1', '--no-verify'], 'unknown option --no-verify; did you mean --verify?'],
    [
      ['run', 'dir/mine.yaml'],
      `dir/mine.yaml: no such config; expected a config file or ${packageConfigs().join(', ')}`,
    ],
    [['run', 'dir/fig9.yaml'], 'dir/fig9.yaml: no such config; did you mean fig9?'],
    [['run', 'fgi1'], 'fgi1: no such config; did you mean fig1?'],
    [['run', 'fig1.yaml'], 'fig1.yaml: no such config; did you mean fig1?'],
    [['rnu', 'fig1'], 'unknown command rnu; did you mean run?'],
    [
      ['plan', '--workers', '2', '--to', 'one-worker:0:1'],
      '--to: expected a whole number of the worker from 0 to 1023, found "0:1"',
    ],

    [['claims', '--json', '--markdown'], '--json and --markdown were both given; expected one of them'],
    [['loc', '--fils'], 'unknown option --fils; did you mean --files?'],
    [
      ['loc', '--csv', 'no-such-folder/loc.csv'],
      '--csv: cannot write no-such-folder/loc.csv (ENOENT); expected a file in a folder that may be written',
    ],
    [['plan', '--workers', '0'], '--workers: expected a whole number of workers from 1 to 1024, found "0"'],
    [['plan', '--workers', '2', '--bins', '21'], '--bins: expected a power of two from 2^1 to 2^20 bins, found "21"'],
    [['run', 'fig1', '--verify=yes', '--dry-run'], '--verify: expected true, false or no value, found "yes"'],
    [['run', 'fig1', '--dryRun=maybe', '--dry-run'], '--dry-run: expected true, false or no value, found "maybe"'],
    [['run', 'fig1', '--dry-run', '--force', '--force=false'], '--force was given twice; expected it once'],
    [['run', 'fig1', '--seed', '3'], 'unknown option --seed; a setting of the config is written --set seed=3'],
    [['run', 'fig1', '--rate=1e6'], 'unknown option --rate; a setting of the config is written --set rate=1e6'],
    [
      ['run', 'fig1', '--workers', '4'],
      'unknown option --workers; a setting of the config is written --set topology.workers=4',
    ],
    [['list', 'nowhere'], 'nowhere: no such folder; expected a folder of results, for instance results'],
    [['clean', file], `${file}: not a folder; expected a folder of results, for instance results`],
    [['clean', '--faild'], 'unknown option --faild; did you mean --failed?'],
    [['show'], 'show needs a run, for instance results/fig1/0123456789-1; see megaphone --help'],
    [['show', 'fig1'], "fig1: no such folder; expected a run's folder, or its id as megaphone list prints it"],

    [['plan', '--workers', '2', '--strategy', 'fluidd'], '--strategy: unknown strategy "fluidd"; did you mean fluid?'],
    [['plan', '--workers', '2', '--bins-per-step', '2'], '--bins-per-step does not belong to fluid'],
    [['plan', '--workers', '2', '--to', 'balancd'], '--to: unknown configuration "balancd"; did you mean balanced?'],
    [['plan', '--workers', '2', '--to', 'one-worker'], '--to: one-worker needs an argument, for instance one-worker:1'],
    [['plan', '--workers', '2', '--to', 'one-worker:5'], '--to: expected an index in 0..1, found 5'],
  ] as const) {
    it(`megaphone ${args.join(' ').replace(file, '<a file>')}`, async () => {
      // The parser may throw at once.
      const parse = async () => commandLine(args, signal, () => assert.fail('the command ran')).parseAsync();
      await assert.rejects(parse, (error) => {
        assert.ok(error instanceof InputError || error instanceof ResultsError, String(error));
        assert.equal(error.message, line);
        return true;
      });
    });
  }
});

it('the configs of the package are in natural order', () => {
  const numbers = packageConfigs().map((name) => Number(/\d+/u.exec(name)?.[0]));
  assert.ok(numbers.length > 1);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
});

describe('completion', () => {
  it('proposes configs after run, and what the parser knows elsewhere', () => {
    assert.deepEqual(completions(['megaphone', 'run', 'fi'], 'fi', []), packageConfigs());
    assert.deepEqual(packageConfigs().slice(0, 2), ['fig1', 'fig1-engines']);
    assert.deepEqual(completions(['megaphone', 'run', 'fig1'], '--s', ['--scale:which']), ['--scale']);
    assert.deepEqual(completions(['megaphone', 'pl'], 'pl', ['plot:draw', 'plan:print']), ['plot', 'plan']);
  });
});
