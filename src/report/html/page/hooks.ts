/** What is drawn besides the series. */
import type uPlot from 'uplot';
import type { PlotBand, PlotMark } from '../plot-spec.js';
import { areaColor, color, dashPattern, toneColor } from './theme.js';

/** Behind the lines, with its bounds as thin lines. */
export function drawBands(u: uPlot, bands: readonly PlotBand[]): void {
  const { ctx, bbox } = u;
  within(u, () => {
    for (const { low, high, tone } of bands) {
      const top = u.valToPos(high, 'y', true);
      const bottom = u.valToPos(low, 'y', true);
      ctx.fillStyle = areaColor(tone);
      ctx.fillRect(bbox.left, top, bbox.width, Math.max(bottom - top, 1));
      ctx.strokeStyle = toneColor(tone);
      ctx.lineWidth = 1;
      ctx.setLineDash([2, 4].map((length) => length * devicePixelRatio));
      ctx.beginPath();
      for (const y of [top, bottom]) {
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
      }
      ctx.stroke();
    }
  });
}

/** Upright lines, with their names beside them, each lower than the one before. */
export function drawMarks(u: uPlot, marks: readonly PlotMark[]): void {
  const { ctx, bbox } = u;
  within(u, () => {
    ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textBaseline = 'top';
    marks.forEach(({ x, label, tone, dash }, i) => {
      const left = u.valToPos(x, 'x', true);
      ctx.strokeStyle = toneColor(tone);
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash(dashPattern(dash).map((length) => length * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
      ctx.stroke();
      const { width } = ctx.measureText(label);
      const gap = 5 * devicePixelRatio;
      const isRight = left + gap + width < bbox.left + bbox.width;
      // In front of lines, a name has an edge of the page's colour.
      ctx.setLineDash([]);
      ctx.lineJoin = 'round';
      ctx.lineWidth = 4 * devicePixelRatio;
      ctx.strokeStyle = color('back');
      ctx.fillStyle = toneColor(tone);
      ctx.textAlign = isRight ? 'left' : 'right';
      const place = [left + (isRight ? gap : -gap), bbox.top + (4 + i * 16) * devicePixelRatio] as const;
      ctx.strokeText(label, ...place);
      ctx.fillText(label, ...place);
    });
  });
}

/** Draws nothing outside the plotting area, and leaves the canvas as it was. */
function within({ ctx, bbox }: uPlot, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}
