// A script that answers instead of others, or lets a mishap befall what is answered: drawn for each reply.
import { isMishap, isSilence, type FaultMoment, type FaultScript, type Mishap } from '../../server/fault.ts';
import type { Proposal } from '../../session/proposal.ts';
import type { Recipient } from '../../session/state.ts';
import type { Reply } from '../../wire/reply.ts';
import { ANSWERS, SCRIPTED } from './answers.ts';
import type { Prng } from './prng.ts';
import { noteIfOver, type Stage } from './stage.ts';

interface Taken {
  readonly moment: FaultMoment;
  readonly scripted: Reply | Mishap | undefined;
}

export class DrawnScript implements FaultScript {
  readonly #stage: Stage;
  /** What was taken since replies were told of last. */
  #taken: Taken[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  take(moment: FaultMoment): Reply | Mishap | undefined {
    noteIfOver(this.#stage, 'script');
    const scripted = this.#draw(moment.proposal.step);
    this.#taken.push({ moment, scripted });
    return scripted;
  }

  /** What befalls the replies to a proposal, which are told of now; behind the last that is sent there may be fewer. */
  mishapsOf(proposal: Proposal, replies: number): readonly (Mishap | undefined)[] {
    const taken = this.#taken.slice(-replies);
    this.#taken = [];
    // With the additional data of an exchange there is another proposal than the script was asked about.
    const isAsked = taken.every(({ moment }) => moment.proposal === proposal || proposal.step === 'auth');
    return isAsked ? taken.map(({ scripted }) => (isMishap(scripted) ? scripted : undefined)) : [];
  }

  /** Whether the reply that is due will never be one, to that recipient if there are some. */
  silences(recipient?: Recipient): boolean {
    const { transaction } = this.#stage.session;
    return this.#taken.some(({ moment, scripted }) => {
      if (!isMishap(scripted) || !isSilence(scripted)) return false;
      if (recipient === undefined || moment.recipients === undefined) return recipient === undefined;
      if (moment.recipients.includes(recipient)) return true;
      // Nothing is sent any more after it.
      const place = (one: Recipient): number => transaction?.recipients.indexOf(one) ?? -1;
      return scripted.effect !== 'garble' && place(recipient) > place(moment.recipients[0]!);
    });
  }

  #draw(step: string): Reply | Mishap | undefined {
    const { draws } = this.#stage;
    if (!draws.isScripted) return undefined;
    const prng = draws.about(step);
    // What few sessions come to is answered so most often.
    if (!prng.oneIn(step === 'bdat' || step === 'end-of-data' ? 3 : 12)) return undefined;
    if (draws.isTroubled && !prng.oneIn(4)) return drawMishap(prng);
    // A greeting is one, or a refusal: 3yz would be neither, and lead nowhere.
    return prng.pick(step === 'connect' ? ANSWERS : SCRIPTED);
  }
}

/** Some have no end, and one may be read as a reply. */
const GARBLED = ['?\r\n', '\xff\0\n', '', '250 2.0.0 OK\r\n', '250-'].map((octets) => Buffer.from(octets, 'latin1'));

/** Those that end a session are drawn less often than those after which it goes on. */
function drawMishap(prng: Prng): Mishap {
  const by = prng.pick(['fin', 'rst'] as const);
  switch (prng.below(9)) {
    case 0:
      return { effect: 'stall' };
    case 1:
      return { effect: 'drop', by };
    case 2:
      return { effect: 'cut', by, after: prng.pick([0, 1, 5, Infinity]) };
    case 3:
    case 4:
      return { effect: 'garble', octets: prng.pick(GARBLED) };
    case 5:
    case 6:
      return { effect: 'delay', milliseconds: prng.below(1_000) };
    default:
      return { effect: 'trickle', octets: prng.pick([1, 4, 30, 1_000]), milliseconds: prng.below(1_000) };
  }
}
