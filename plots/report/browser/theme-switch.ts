/** The switch between light, dark and what the system prefers. */
import { choiceButtons } from './dom.ts';

const KEY = 'megaphone-theme';

type Theme = 'system' | 'light' | 'dark';

/** A page from a file may have no storage. */
function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Puts the switch into its place. `onChange` is called whenever the page's colours change, by the switch or by the system. */
export function installThemeSwitch(place: HTMLElement, onChange: () => void): void {
  const chosen = stored();
  apply(chosen);
  const names = [
    ['system', 'System'],
    ['light', 'Light'],
    ['dark', 'Dark'],
  ] as const;
  place.append(
    ...choiceButtons<Theme>(names, chosen, (theme) => {
      apply(theme);
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // The choice then holds for this visit.
      }
      onChange();
    }),
  );
  place.hidden = false;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
}
