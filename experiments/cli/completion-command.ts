/** `megaphone completion`: what the shell needs to complete commands, options and configs. */
import { packageConfigs } from './config-path.ts';
import { EXIT } from './exit-code.ts';

/**
 * Completes after `megaphone` and after `npx megaphone`. Where there is nothing to propose, or nothing is meant for us, the shell
 * goes on with its own (files).
 */
const SCRIPT = `# Completion of megaphone for bash; for zsh after: autoload -U bashcompinit; bashcompinit
# Installation: npx megaphone completion >> ~/.bashrc
_megaphone() {
  local line=("\${COMP_WORDS[@]:0:COMP_CWORD+1}") program=(megaphone)
  if [ "\${line[0]}" = npx ]; then
    if [ "\${line[1]}" != megaphone ] || [ "$COMP_CWORD" -lt 2 ]; then return; fi
    program=(npx megaphone)
    line=("\${line[@]:1}")
  fi
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$("\${program[@]}" --get-yargs-completions "\${line[@]}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o bashdefault -o default -F _megaphone megaphone npx
`;

/** Prints the script and returns the exit code. */
export function printCompletion(): number {
  process.stdout.write(SCRIPT);
  return EXIT.done;
}

/**
 * What can stand where the shell asks: a config after `run`, or what the parser proposes itself.
 *
 * @param words - the words of the line without options: the program, the command, and what follows
 * @param current - the word that is being written
 * @param proposed - the parser's own: commands, and options with a colon and their description
 */
export function completions(words: readonly string[], current: string, proposed: readonly string[]): string[] {
  if (words[1] === 'run' && words[2] === current && !current.startsWith('-')) return packageConfigs();
  return proposed.map((word) => word.split(':', 1)[0] ?? '');
}
