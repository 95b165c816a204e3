// Puts on tape what an observer is told.
import type { SessionObserver } from '../../server/handler.ts';
import type { Proposal } from '../../session/proposal.ts';
import type { Reply } from '../../wire/reply.ts';
import { inconsistency } from '../session-consistency.ts';
import type { DrawnScript } from './drawn-script.ts';
import { noteIfOver, type Stage } from './stage.ts';
import { isReceived } from './tape.ts';

export function tapingObserver(stage: Stage, script: DrawnScript): SessionObserver {
  const { moods, session, tape } = stage;
  let phase = session.phase;
  let recipients = 0;
  const answered = (proposal: Proposal, replies: readonly (Reply | null)[], isTroubled: boolean): void => {
    const after = session.phase;
    const body = proposal.step === 'end-of-data' ? tape.sinks.at(-1) : undefined;
    const mishaps = script.mishapsOf(proposal, replies.length);
    const event = {
      proposal,
      replies,
      isTroubled,
      mishaps,
      sent: [],
      waits: [],
      before: phase,
      after,
      recipients,
      refusals: body?.refusals ?? [],
      inconsistency: inconsistency(session),
    };
    tape.events.push(event);
    if (body) body.answeredBy ??= event;
    phase = after;
    recipients = session.transaction?.recipients.length ?? 0;
  };
  return {
    received: (received) => {
      noteIfOver(stage, 'received');
      const body = tape.sinks.at(-1);
      const isPaused = body !== undefined && body.isPaused && body.calls.length === 0;
      if (!stage.mayRead() || isPaused) tape.tooEarly.push(received);
      // A handshake moves a session too.
      phase = session.phase;
      tape.events.push({ received, phase });
      moods.mayFail('received');
    },
    replied: (proposal, replies) => {
      noteIfOver(stage, 'replied');
      answered(proposal, replies, false);
      moods.mayFail('replied');
    },
    troubled: (proposal, replies) => {
      noteIfOver(stage, 'troubled');
      answered(proposal, replies, true);
      moods.mayFail('troubled');
    },
    sent: (proposal, reply, octets) => {
      noteIfOver(stage, 'sent');
      const last = tape.events.at(-1);
      if (last !== undefined && !isReceived(last) && last.proposal === proposal) last.sent.push({ reply, octets });
      else tape.thrown.push(new Error(`${reply.code} was sent, and answers nothing`));
      moods.mayFail('sent');
    },
    failed: (error) => void tape.failed.push(error),
  };
}
