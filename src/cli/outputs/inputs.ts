/** Files that commands read, which no output may replace. */
import { UserError } from '../../errors.js';
import { isSameFile } from '../../io/same-place.js';
import type { Input } from './destinations.js';

/** None or one. */
export function eventLogInput(file: string | undefined): Input[] {
  return file === undefined ? [] : [{ file, what: 'the event log that --envoy-event-log reads' }];
}

/** @throws UserError if a file is named twice */
export function analyzedInputs(files: readonly string[]): Input[] {
  files.forEach((file, i) => {
    const first = files.slice(0, i).find((other) => other === file || isSameFile(other, file));
    if (first === undefined) return;
    const names = first === file ? `${file} is given twice` : `${first} and ${file} are the same file`;
    throw new UserError(`${names}: its requests would be counted twice.`);
  });
  return files.map((file) => ({ file, what: 'one of the files to analyze' }));
}
