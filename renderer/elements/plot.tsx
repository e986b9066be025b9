import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './plot.css';

/** Lines over an axis. It knows nothing of what they mean. */

/** How a line is drawn: colour alone does not tell lines apart. */
export type PlotStroke = 'solid' | 'dashed' | 'dotted' | 'dash-dot';

export interface PlotLine {
  readonly label: string;
  /** Name of a colour of the tokens: "--chart-main". */
  readonly colour: string;
  /** One value an x; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Absent: solid. */
  readonly stroke?: PlotStroke;
  /** Behind the label in the legend: its last value, say. */
  readonly detail?: string;
  /** Points are drawn besides the line. */
  readonly points?: boolean;
}

export interface PlotProps {
  /** What it says, for screen readers. */
  readonly label: string;
  readonly title: string;
  /** Behind the title: the unit of the values. */
  readonly unit?: string;
  /** Below the axis. */
  readonly xLabel: string;
  readonly x: readonly number[];
  readonly lines: readonly PlotLine[];
  /** Places on the axis that are marked by a line. */
  readonly marks?: readonly number[];
  /** Least range of the values, so that what hardly differs looks so. */
  readonly least?: number;
  /** The values begin at 0. */
  readonly fromZero?: boolean;
  readonly formatX?: (value: number) => string;
  readonly formatY?: (value: number) => string;
  /** In place of lines, where there are none yet. */
  readonly empty: string;
}

/** Lengths of strokes and gaps, in CSS pixels. */
const DASHES: Readonly<Record<PlotStroke, readonly number[]>> = {
  solid: [],
  dashed: [6, 4],
  dotted: [2, 3],
  'dash-dot': [8, 3, 2, 3],
};
const HEIGHT_PX = 168;
const FONT = '11px system-ui, sans-serif';

/** A plot with its title and legend. */
export function Plot(props: PlotProps): React.JSX.Element {
  const { title, unit, lines, label, empty, x } = props;
  const isEmpty = x.length < 2;
  return (
    <figure className="plot">
      <figcaption className="plot-head">
        <span className="plot-title">{title}</span>
        {unit === undefined ? null : <span className="plot-unit">{unit}</span>}
        {lines.length < 2 ? null : (
          <span className="plot-legend">
            {lines.map((line) => (
              <span key={line.label} className="plot-key">
                <svg className="plot-swatch" viewBox="0 0 24 4" width={24} height={4} aria-hidden>
                  <line
                    x1={0}
                    x2={24}
                    y1={2}
                    y2={2}
                    style={{ stroke: `var(${line.colour})` }}
                    strokeDasharray={DASHES[line.stroke ?? 'solid'].join(' ')}
                  />
                </svg>
                {line.label}
                {line.detail === undefined ? null : <span className="plot-detail">{line.detail}</span>}
              </span>
            ))}
          </span>
        )}
      </figcaption>
      {isEmpty ? (
        <p className="plot-empty" style={{ height: HEIGHT_PX }}>
          {empty}
        </p>
      ) : (
        <Canvas {...props} label={label} />
      )}
    </figure>
  );
}

function Canvas(props: PlotProps) {
  const { label, x, lines } = props;
  const frame = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const plot = useRef<UPlot>(null);
  // What the plot is built of; values alone are given to the one that is there.
  const shape = JSON.stringify([
    lines.map(({ label: name, colour, stroke }) => [name, colour, stroke]),
    props.xLabel,
    props.fromZero,
  ]);
  useEffect(() => {
    latest.current = props;
    plot.current?.setData(dataOf(x, lines));
  });
  useEffect(() => {
    const element = frame.current!;
    const build = (): void => {
      plot.current?.destroy();
      const { x: at, lines: drawn } = latest.current;
      plot.current = new UPlot(optionsOf(latest, element.clientWidth), dataOf(at, drawn), element);
    };
    build();
    const resized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT_PX });
    });
    resized.observe(element);
    // The canvas has colours of its own.
    const themed = new MutationObserver(build);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);
  return <div ref={frame} className="plot-canvas" role="img" aria-label={label} />;
}

const dataOf = (x: readonly number[], lines: readonly PlotLine[]): UPlot.AlignedData =>
  [[...x], ...lines.map(({ values }) => [...values])] as unknown as UPlot.AlignedData;

function optionsOf(latest: React.RefObject<PlotProps>, width: number): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const { lines, xLabel, formatX, formatY } = latest.current;
  const axis = {
    stroke: colour('--chart-text'),
    font: FONT,
    grid: { stroke: colour('--chart-grid'), width: 1 },
    ticks: { show: false },
  };
  const words = (format: ((value: number) => string) | undefined) =>
    format === undefined ? {} : { values: (_: UPlot, splits: number[]) => splits.map(format) };
  return {
    width,
    height: HEIGHT_PX,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, low, high) => rangeOf(latest.current, low, high) } },
    axes: [
      { ...axis, label: xLabel, labelFont: FONT, labelSize: 16, size: 24, space: 60, ...words(formatX) },
      { ...axis, size: 46, space: 32, ...words(formatY) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour: name, stroke = 'solid', points }) => ({
        label,
        stroke: colour(name),
        width: 2,
        spanGaps: false,
        points: { show: points ?? false, size: 6, fill: colour(name) },
        ...(stroke === 'solid' ? {} : { dash: [...DASHES[stroke]] }),
      })),
    ],
    hooks: {
      draw: [
        (plot) => {
          drawMarks(plot, latest.current.marks ?? [], colour('--chart-text'));
        },
      ],
    },
  };
}

function rangeOf({ least = 0, fromZero = false }: PlotProps, low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const bottom = fromZero ? Math.min(0, low) : low;
  const missing = Math.max(0, least - (high - bottom));
  const room = Math.max((high - bottom) * 0.08, 1e-9);
  return [fromZero && low >= 0 ? 0 : bottom - missing / 2 - room, high + missing / 2 + room];
}

function drawMarks(plot: UPlot, marks: readonly number[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 4]);
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark, 'x', true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
