/** A small chart as SVG text: lines over one horizontal axis, readable in light and dark pages. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  readonly ticks: readonly number[];
  /** How a tick is written; the number itself otherwise. */
  readonly name?: (tick: number) => string;
}

const [WIDTH, HEIGHT] = [720, 360];
const AREA = { left: 80, right: 20, top: 48, bottom: 56 };
const COLOURS = ['#2f6fde', '#d9822b', '#3a9d5d', '#a4439c'];
const INK = '#808080';

const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function place(axis: Axis, from: number, to: number): (value: number) => number {
  const of = (value: number): number => (axis.scale === 'log' ? Math.log10(Math.max(value, 1e-9)) : value);
  const [low, high] = [of(axis.ticks[0] ?? 0), of(axis.ticks.at(-1) ?? 1)];
  return (value) => from + ((of(value) - low) / (high - low)) * (to - from);
}

export function svgOf({ title, x, y, lines }: Chart): string {
  const bottom = HEIGHT - AREA.bottom;
  const atX = place(x, AREA.left, WIDTH - AREA.right);
  const atY = place(y, bottom, AREA.top);
  const text = (at: readonly [number, number], words: string, more = ''): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${quoted(words)}</text>`;
  const grid = [
    ...x.ticks.map((tick) => [
      `<path d="M${atX(tick).toFixed(1)} ${AREA.top}V${bottom}"/>`,
      text([atX(tick), bottom + 18], x.name?.(tick) ?? String(tick), 'text-anchor="middle"'),
    ]),
    ...y.ticks.map((tick) => [
      `<path d="M${AREA.left} ${atY(tick).toFixed(1)}H${WIDTH - AREA.right}"/>`,
      text([AREA.left - 8, atY(tick) + 4], y.name?.(tick) ?? String(tick), 'text-anchor="end"'),
    ]),
  ];
  const curves = lines.map(({ points }, index) => {
    const path = points.map(([px, py]) => `${atX(px).toFixed(1)} ${atY(py).toFixed(1)}`).join('L');
    const colour = COLOURS[index % COLOURS.length];
    const dots = points.length > 12 ? [] : points;
    const marks = dots.map(
      ([px, py]) => `<circle cx="${atX(px).toFixed(1)}" cy="${atY(py).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${marks.join('')}`;
  });
  const legend = lines.map(({ name }, index) => {
    const left = AREA.left + index * 210;
    const colour = COLOURS[index % COLOURS.length];
    return `<path d="M${left} 34h18" stroke="${colour}" stroke-width="3"/>${text([left + 24, 38], name)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${quoted(title)}">`,
    `<g font-family="sans-serif" font-size="12" fill="${INK}">`,
    text([AREA.left, 18], title, 'font-size="14" font-weight="bold"'),
    `<g stroke="${INK}" stroke-opacity="0.3">${grid.map(([line]) => line).join('')}</g>`,
    grid.map(([, label]) => label).join(''),
    text([(AREA.left + WIDTH - AREA.right) / 2, HEIGHT - 12], x.label, 'text-anchor="middle"'),
    text(
      [16, (AREA.top + bottom) / 2],
      y.label,
      `text-anchor="middle" transform="rotate(-90 16 ${(AREA.top + bottom) / 2})"`,
    ),
    ...legend,
    '</g>',
    ...curves,
    '</svg>\n',
  ].join('\n');
}
