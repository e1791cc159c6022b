// Bundles the script and the style of HTML reports into two files beside the code that reads them (src/report/html/frame/assets.ts):
//   node scripts/bundle-page.js FOLDER
// uPlot goes into them, with its licence, since a report is one file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/bundle-page.js FOLDER');
const page = 'src/report/html/page';
const licence = readFileSync('node_modules/uplot/LICENSE', 'utf8').trim();

const common = { bundle: true, minify: true, charset: 'ascii', legalComments: 'none' };
await build({
  ...common,
  entryPoints: [join(page, 'page.ts')],
  outfile: join(folder, 'html-page.js'),
  platform: 'browser',
  format: 'iife',
  target: ['chrome111', 'firefox113', 'safari16.4'],
  tsconfig: join(page, 'tsconfig.json'),
  banner: { js: `/*! uPlot is part of this script:\n${licence}\n*/` },
});
await build({ ...common, entryPoints: [join(page, 'page.css')], outfile: join(folder, 'html-page.css') });
