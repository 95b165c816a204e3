// Sessions on real sockets, each brought to a phase by its client: what session-steps.ts does without a socket.
import type { FaultScript } from '../server/fault.ts';
import type { SessionHandler } from '../server/handler.ts';
import type { ListenerOptions } from '../server/listener.ts';
import type { SessionPolicy } from '../session/policy.ts';
import type { Reply } from '../wire/reply.ts';
import { ObservedSessions, type ObservedSession } from './observed-sessions.ts';
import { policyWith } from './policy.ts';
import { Rig } from './rig.ts';
import { wayTo, type PhaseReached } from './session-steps.ts';
import { WireClient } from './wire-client.ts';

export interface SteppedClient {
  readonly client: WireClient;
  readonly session: ObservedSession;
}

export class SteppedRig implements AsyncDisposable {
  readonly rig: Rig;
  readonly sessions: ObservedSessions;
  readonly #clients: WireClient[] = [];
  readonly #policy: SessionPolicy;
  readonly #next: NextReply;

  private constructor(rig: Rig, sessions: ObservedSessions, policy: SessionPolicy, next: NextReply) {
    this.rig = rig;
    this.sessions = sessions;
    this.#policy = policy;
    this.#next = next;
  }

  static async start(
    changes: Partial<SessionPolicy> = {},
    handler: SessionHandler = {},
    options: Partial<ListenerOptions> = {},
  ): Promise<SteppedRig> {
    const policy = policyWith({ startTls: 'available', authInsecure: true, ...changes });
    const next = new NextReply();
    const sessions = new ObservedSessions({ ...handler, faults: next });
    const rig = await Rig.start({}, { ...options, policy, open: sessions.open });
    return new SteppedRig(rig, sessions, policy, next);
  }

  /** A client whose session has come as far as that phase, on the shortest way. */
  async clientIn(phase: PhaseReached): Promise<SteppedClient> {
    const client = await WireClient.greeted(this.rig.address);
    this.#clients.push(client);
    const session = this.sessions.of(client.socket.localPort!);
    for (const [line, instead] of wayTo(phase, this.#policy)) {
      this.#next.reply = instead;
      // RFC 3030 §2: a chunk follows its command.
      client.send(`${line}\r\n${'x'.repeat(Number(/^BDAT (\d+)/.exec(line)?.[1] ?? 0))}`);
      await client.reply();
    }
    const reached = session.connection.session.phase;
    if (reached !== phase) throw new Error(`In ${reached}, and not in ${phase}`);
    return { client, session };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.rig[Symbol.asyncDispose]();
  }
}

/** Once in the place of everybody else's. */
class NextReply implements FaultScript {
  reply: Reply | undefined;

  take(): Reply | undefined {
    const { reply } = this;
    this.reply = undefined;
    return reply;
  }
}
