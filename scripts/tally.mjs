// The last line of several commands that reported into one folder, MAILRIG_REPORTS.
import { tally } from './suite.mjs';

console.log(`\n${tally()}`);
