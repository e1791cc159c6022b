/** Reads HTML reports. */
import type { PlotSpec } from '../../src/report/html/plot-spec.js';

/** What a reader of the page's words sees. */
export function wordsIn(page: string): string {
  return page
    .slice(page.indexOf('<body>'))
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

/** The JSON from which its plots are drawn, as it stands in the page. */
export function plotData(page: string): string {
  return /<script type="application\/json" id="plot-data">(.*?)<\/script>/.exec(page)?.[1] ?? '';
}

export function plotsIn(page: string): PlotSpec[] {
  return JSON.parse(plotData(page)) as PlotSpec[];
}
