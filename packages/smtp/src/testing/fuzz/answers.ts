// What an application and a script may answer; some of it is ill advised, and all of it has to be lived with.
import { reply, type Reply } from '../../wire/reply.ts';

export const ANSWERS: readonly Reply[] = [
  reply(250, '2.0.0', 'OK'),
  reply(251, '2.1.5', 'Will forward', 'in two lines'),
  reply(250, null, ''),
  { code: 250, lines: [] },
  reply(451, '4.7.1', 'Greylisted'),
  reply(452, '4.3.1', 'Disk\r\n250 2.0.0 OK\0'),
  reply(550, '5.1.1', 'No such user', '', '\t'),
  reply(550, '5.1.1', 'Niemand hei\u00dft so'),
  reply(554, '5.0.0', 'x'.repeat(490)),
  reply(599, null, '\x7f\x85'),
];

/** What only a script may say. */
export const SCRIPTED: readonly Reply[] = [
  ...ANSWERS,
  reply(421, '4.3.2', 'Gone'),
  reply(235, '2.7.0', 'Welcome'),
  reply(354, null, 'Go on'),
  reply(334, null, ''),
];
