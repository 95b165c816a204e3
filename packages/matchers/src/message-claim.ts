// A claim about messages: any of those of a subject may be what is expected.
import type { Message, Pattern, RecordedTransaction } from '@mailrig/fixture';
import { checkOf } from './check.ts';
import { judge, type Candidate } from './claim.ts';
import { excerptOf, placeOf } from './excerpt.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import { plural, type Assertion } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { describeMissing } from './missing.ts';
import { discardedOf, messagesOf, nameOf, subjectOf, transactionsOf, type Subject } from './subject.ts';

export interface MessageClaim extends Assertion {
  readonly subject: Subject;
  /** What is claimed to be there, such as `link`. */
  readonly noun: string;
  readonly expected: object;
  /** What of a message it is about: a content may be beyond the bounds of what is read, its header section is there. */
  readonly about: 'header' | 'content';
  /** The things in a message of which any may be it; nothing where the message has none. */
  readonly findIn: (message: Message) => readonly Finding[];
  /** Why nothing can be said where none of them is it. */
  readonly undecided?: string | undefined;
}

/** A thing in a message, held against what is expected. */
export interface Finding extends Pick<Candidate, 'checks'> {
  /** Which of them, where a message may have several: `link 2`. */
  readonly name?: string;
  readonly received: object;
}

/** Where there is no message it can't be answered: no text would have no unwanted word in it. */
export function judgeMessages(context: MatcherContext, claim: MessageClaim): MatcherResult {
  const { about, findIn, ...assertion } = claim;
  const messages = messagesOf(claim.subject);
  const candidates = messages.flatMap((message) => candidatesOf(message, findIn(message)));
  const undecided =
    missingMessages(claim.subject) ?? (about === 'content' ? unreadContent(messages) : undefined) ?? claim.undecided;
  return judge(context, {
    ...assertion,
    candidates,
    among: plural(messages.length, 'message'),
    unanswerable: messages.length === 0 && undecided === undefined ? describeAbsence(claim.subject) : undefined,
    undecided,
  });
}

/** The matcher for one text of a message. */
export function judgeText(
  context: MatcherContext,
  matcher: string,
  received: unknown,
  pattern: Pattern,
  field: 'subject' | 'text' | 'html',
): MatcherResult {
  const subject = subjectOf(matcher, received);
  validateArgument(matcher, 'pattern', pattern, PATTERN);
  return judgeMessages(context, {
    matcher,
    subject,
    args: ['pattern'],
    noun: field,
    expected: { [field]: pattern },
    about: field === 'subject' ? 'header' : 'content',
    findIn: (message) => {
      const text = message[field];
      if (text === undefined) return [];
      return [
        { received: { [field]: excerptOf(text, placeOf(pattern, text)) }, checks: [checkOf(field, pattern, text)] },
      ];
    },
  });
}

function describeAbsence(subject: Subject): string {
  const whose = subject.kind === 'inbox' ? ` for ${subject.address}` : '';
  return `no message: the server has accepted none${whose}, so that there is nothing to compare`;
}

function candidatesOf(message: Message, findings: readonly Finding[]): readonly Candidate[] {
  const whole = `the message of ${nameOf(message.transaction)}`;
  return findings.map(({ name, received, checks }) => ({
    name: name === undefined ? whole : `${name} in ${whole}`,
    session: message.session,
    received,
    checks,
  }));
}

function missingMessages(subject: Subject): string | undefined {
  const discarded = discardedOf(subject)?.messages ?? transactionsOf(subject).filter(isBereft).length;
  return describeMissing(discarded, 'earlier message');
}

/** Whether a transaction has had a message, which is not kept. */
function isBereft({ message, recipients }: RecordedTransaction): boolean {
  return message === null && recipients.some(({ outcome }) => outcome === 'delivered');
}

function unreadContent(messages: readonly Message[]): string | undefined {
  const [problem] = messages.flatMap(({ parseProblem, transaction }) =>
    parseProblem === null ? [] : [`the message of ${nameOf(transaction)} is ${parseProblem.message}`],
  );
  return problem;
}
