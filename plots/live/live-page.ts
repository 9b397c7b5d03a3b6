/** The page on which sweeps are watched: one HTML file whose script fills it (see browser/main.ts). */
import { readFileSync } from 'node:fs';
import { libraryStyles, scriptsHtml } from '../report/browser-code.ts';
import { escapeHtml } from '../report/html.ts';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The page for a folder of results. */
export function livePage(folder: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data:; connect-src 'self'">
<link rel="icon" href="data:,">
<title>megaphone: live</title>
<style>${libraryStyles()}
${text('../report/page.css')}
${text('./live.css')}</style>
</head>
<body>
<header>
<div class="top-line"><h1>Runs of <code>${escapeHtml(folder)}</code></h1><div id="theme" role="group" aria-label="Colours" hidden></div></div>
<p id="connection" class="quiet" role="status">Waiting for the server.</p>
</header>
<main id="sweeps"></main>
<noscript>This page needs scripts: it shows what happens as it happens.</noscript>
${scriptsHtml('live')}
</body>
</html>
`;
}
