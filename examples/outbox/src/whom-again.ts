// Two answers to the question whom a mail is sent to once more. The first is the one that comes to mind, and wrong.
import type { WhomAgain } from './outbox.ts';

/**
 * Everybody, where anybody may still get it. Whoever was accepted gets it twice: those beside a recipient that was delayed, and all of
 * them where the reply to the content was lost (RFC 1047).
 */
export const everybody: WhomAgain = (outcomes) =>
  outcomes.some(({ outcome }) => outcome === 'delayed' || outcome === 'unknown')
    ? outcomes.map(({ address }) => address)
    : [];

/** Those that the server has refused for now. What is unknown is left to a person, who can ask. */
export const theDelayed: WhomAgain = (outcomes) =>
  outcomes.filter(({ outcome }) => outcome === 'delayed').map(({ address }) => address);
