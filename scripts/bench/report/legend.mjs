// What has to be known to read the figures, on the terminal and on the page.
import { PAUSED } from '../workload.mjs';

export const QUICK =
  'This was --quick: it shows whether something broke, not how fast it is, for servers are hardly warm.';

/** A sentence or two for each. */
export const LEGEND = [
  'spread: how far the middle half of the rounds lies apart, as a share of the median. “×” and “÷ smtp-server” compare medians.',
  `${PAUSED}: smtp-server 3.21 waits 100 ms before each greeting, and so do smtp-tester and maildev, which use it. Where connections are new, their rates and times measure that pause; CPU, where it is given, is the fair figure there. Connections that smtp-source keeps wait once a round.`,
  'ceiling: a bare node:net server of ours that answers SMTP by rote, and undoes dot-stuffing octet by octet from the first dotted line of a chunk on: what one Node process reaches without a protocol. Others may pass it where they search natively.',
  "smtp-sink: Postfix's own, in C.",
  'exponent: how a cost grows, 1 is linear and 0 not at all; of the larger half of the points, whose ends are given with their costs.',
];
