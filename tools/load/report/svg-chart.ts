/** A small chart as SVG text: lines over one horizontal axis. It follows the reader's light or dark scheme and has a ground of its own, so that it can be read on any page. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The area below is tinted, for shares of a whole. */
  readonly filled?: boolean;
}

export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  readonly ticks: readonly number[];
  /** How a tick is written; the number with its thousands set apart otherwise. */
  readonly name?: (tick: number) => string;
}

/** A place on the horizontal axis that has a name. */
export interface Mark {
  readonly x: number;
  readonly name: string;
}

export interface Chart {
  readonly title: string;
  /** What was run, and where: small letters below the title. */
  readonly notes: readonly [string, string];
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly marks?: readonly Mark[];
}

const [WIDTH, HEIGHT] = [760, 420];
const AREA = { left: 84, right: 28, top: 112, bottom: 60 };
const [LEFT, RIGHT, TOP, BOTTOM] = [AREA.left, WIDTH - AREA.right, AREA.top, HEIGHT - AREA.bottom];
/** Up to so many points each gets a dot: it was measured, the line between is drawn. */
const DOTS_MAX = 12;

const STYLE = `<style>
svg { --ground: #ffffff; --ink: #1f2328; --faint: #656d76; --grid: #d8dee4; --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --ink: #e6edf3; --faint: #8d96a0; --grid: #30363d; --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff }
}
text { font: 12px system-ui, sans-serif; fill: var(--faint) }
.title { font-size: 15px; font-weight: 600; fill: var(--ink) }
.name { fill: var(--ink) }
.grid { stroke: var(--grid) }
.mark { stroke: var(--faint); stroke-dasharray: 3 3 }
</style>`;

const quoted = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const px = (value: number): string => value.toFixed(1);
const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${px(x)}" y="${px(y)}"${more && ` ${more}`}>${quoted(words)}</text>`;

/** From values to places between `from` and `to`; what lies outside of the axis stands at its end. */
function place({ scale, ticks }: Axis, from: number, to: number): (value: number) => number {
  const of = (value: number): number => (scale === 'log' ? Math.log10(Math.max(value, 1e-9)) : value);
  const [low, high] = [of(ticks[0] ?? 0), of(ticks.at(-1) ?? 1)];
  return (value) => from + Math.min(Math.max((of(value) - low) / (high - low), 0), 1) * (to - from);
}

const tickName = ({ name }: Axis, tick: number): string => name?.(tick) ?? tick.toLocaleString('en-US');

/** About four round steps from 0 to above `top`. */
export function roundTicks(top: number): readonly number[] {
  const rough = top / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * unit >= rough) ?? 10) * unit;
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, index) => index * step);
}

export function svgOf({ title, notes, x, y, lines, marks = [] }: Chart): string {
  const [atX, atY] = [place(x, LEFT, RIGHT), place(y, BOTTOM, TOP)];
  const drawn = lines.map(({ points, filled = false }, index) => {
    const colour = `var(--c${index % 4})`;
    const path = points.map(([px_, py]) => `${px(atX(px_))} ${px(atY(py))}`).join('L');
    const [first, last] = [points[0], points.at(-1)];
    const tint =
      filled && first !== undefined && last !== undefined
        ? `<path d="M${px(atX(first[0]))} ${BOTTOM}L${path}L${px(atX(last[0]))} ${BOTTOM}Z" fill="${colour}" fill-opacity="0.15"/>`
        : '';
    // Two distributions often lie on each other: the second one lets the first one through.
    const dashes = filled && index > 0 ? ' stroke-dasharray="6 5"' : '';
    const dots = points.length > DOTS_MAX ? [] : points;
    const circles = dots.map(([dx, dy]) => `<circle cx="${px(atX(dx))}" cy="${px(atY(dy))}" r="4" fill="${colour}"/>`);
    return `${tint}<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dashes}/>${circles.join('')}`;
  });
  let legendAt = LEFT;
  const legend = lines.map(({ name }, index) => {
    const left = legendAt;
    // Letters of this size are about 6.6 wide.
    legendAt += 50 + name.length * 6.6;
    return `<path d="M${px(left)} 88h20" stroke="var(--c${index % 4})" stroke-width="3"/>${text(left + 26, 92, name, 'class="name"')}`;
  });
  const middle = (TOP + BOTTOM) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${quoted(title)}">`,
    STYLE,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="var(--ground)"/>`,
    text(LEFT, 28, title, 'class="title"'),
    ...notes.map((note, index) => text(LEFT, 48 + index * 18, note)),
    ...x.ticks.map((tick) => text(atX(tick), BOTTOM + 20, tickName(x, tick), 'text-anchor="middle"')),
    ...y.ticks.map((tick) => `<path class="grid" d="M${LEFT} ${px(atY(tick))}H${RIGHT}"/>`),
    ...y.ticks.map((tick) => text(LEFT - 10, atY(tick) + 4, tickName(y, tick), 'text-anchor="end"')),
    ...marks.map(({ x: at }) => `<path class="mark" d="M${px(atX(at))} ${TOP}V${BOTTOM}"/>`),
    ...marks.map(({ x: at, name }, index) => text(atX(at) + 5, TOP + 12 + index * 16, name)),
    text((LEFT + RIGHT) / 2, HEIGHT - 16, x.label, 'text-anchor="middle"'),
    text(20, middle, y.label, `text-anchor="middle" transform="rotate(-90 20 ${px(middle)})"`),
    ...legend,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}
