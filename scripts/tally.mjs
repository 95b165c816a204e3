// The last line of several commands that reported into one folder, MAILRIG_REPORTS.
import { failures, tally } from './suite.mjs';

console.log(`\n${failures()}${tally()}`);
