/** Files that the page makes of what it holds. */

/** Offers a file. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A field of a CSV file. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Offers rows as a CSV file. */
export function downloadCsv(name: string, rows: readonly (readonly (string | number)[])[]): void {
  const text = rows.map((row) => `${row.map(field).join(',')}\n`).join('');
  download(name, new Blob([text], { type: 'text/csv' }));
}

/** A chart of the page as an SVG document. */
export function svgDocument(svg: SVGSVGElement): Blob {
  return new Blob([new XMLSerializer().serializeToString(svg), '\n'], { type: 'image/svg+xml' });
}

/** Pixels of a PNG per pixel of the SVG. */
const PNG_SCALE = 2;

/** Draws a chart of the page as a PNG file. */
export async function pngPicture(svg: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  const text = new XMLSerializer().serializeToString(svg);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = svg.viewBox.baseVal.width * PNG_SCALE;
  canvas.height = svg.viewBox.baseVal.height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture could not be made')) : resolve(blob)));
  });
}
