import type { RecordedReply } from '@mailrig/fixture';

/** A reply on one line, for example `550 5.1.1 No such user`. */
export function replyText({ code, enhanced, lines }: RecordedReply): string {
  return [code, enhanced, ...lines].filter((part) => part !== undefined && part !== '').join(' ');
}
