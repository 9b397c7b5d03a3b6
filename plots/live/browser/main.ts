/** What the page does: hears what happens, and shows it at the next frame. */
import type { LiveSweepLine } from '../../../experiments/report/live-lines.ts';
import { installThemeSwitch } from '../../report/browser/theme-switch.ts';
import type { SweepEvent } from '../page-server.ts';
import { KEPT_SWEEPS } from '../sweep-view.ts';
import { SweepPanel } from './sweep-panel.ts';

const place = document.querySelector<HTMLElement>('#sweeps')!;
const connection = document.querySelector<HTMLElement>('#connection')!;
const panels = new Map<string, SweepPanel>();

const NOTHING = 'No run goes on there at present; one that begins is shown here.';

function say(text: string): void {
  if (connection.textContent !== text) connection.textContent = text;
}

let isDue = false;

/** Draws at the next frame, however many events come before; in a tab that nobody sees there is none. */
function drawSoon(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    for (const panel of panels.values()) panel.draw();
  });
}

function addPanel(key: string, sweep: LiveSweepLine): void {
  panels.set(key, new SweepPanel(place, sweep));
  const [oldest] = panels;
  if (panels.size <= KEPT_SWEEPS || oldest === undefined) return;
  oldest[1].remove();
  panels.delete(oldest[0]);
}

function forgetAll(): void {
  for (const panel of panels.values()) panel.remove();
  panels.clear();
}

const source = new EventSource('events');
source.addEventListener('hello', () => {
  // After a connection that was lost everything comes again.
  forgetAll();
  say(NOTHING);
});
source.addEventListener('bye', () => {
  source.close();
  say('The command that served this page has ended; what is shown stays as long as the page is open.');
});
source.addEventListener('error', () => say('The connection to the command that serves this page is lost.'));
source.addEventListener('message', ({ data }: MessageEvent<string>) => {
  const { key, line } = JSON.parse(data) as SweepEvent;
  if (line.type === 'sweep') addPanel(key, line);
  panels.get(key)?.add(line);
  say('What happens is shown as it happens.');
  drawSoon();
});

const theme = document.querySelector<HTMLElement>('#theme');
if (theme !== null) {
  installThemeSwitch(theme, () => {
    for (const panel of panels.values()) panel.redraw();
  });
}
