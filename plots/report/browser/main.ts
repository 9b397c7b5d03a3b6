/** What the page does when it is opened: the switch of colours, downloads of figures, and a panel when its section comes into view. */
import { decodeBlock } from '../decode-block.ts';
import { element } from './dom.ts';
import { download, pngPicture, svgDocument } from './downloads.ts';
import { Panel } from './panel.ts';
import { installThemeSwitch } from './theme-switch.ts';

const panels: Panel[] = [];

const redrawAll = (): void => panels.forEach((panel) => panel.redraw());

for (const figure of document.querySelectorAll<HTMLElement>('figure.chart')) {
  const svg = figure.querySelector('svg');
  const name = figure.dataset['name'] ?? 'figure';
  if (svg === null) continue;
  const asSvg = (): void => download(`${name}.svg`, svgDocument(svg));
  const asPng = (): void => void pngPicture(svg).then((picture) => download(`${name}.png`, picture));
  figure.append(
    element(
      'div',
      { class: 'downloads' },
      element('button', { type: 'button', click: asSvg }, 'Figure as SVG'),
      element('button', { type: 'button', click: asPng }, 'Figure as PNG'),
    ),
  );
}

async function openPanel(section: HTMLElement): Promise<void> {
  const place = section.querySelector<HTMLElement>('.panel');
  const block = section.querySelector('script.block')?.textContent;
  if (place === null || block === undefined || block === null || block === '') return;
  panels.push(new Panel(place, await decodeBlock(block), section.id));
  section.dataset['opened'] = 'true';
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      void openPanel(target as HTMLElement);
    }
  },
  { rootMargin: '600px' },
);
for (const section of document.querySelectorAll('section[data-experiment]')) observer.observe(section);

const place = document.querySelector<HTMLElement>('#theme');
if (place !== null) installThemeSwitch(place, redrawAll);
