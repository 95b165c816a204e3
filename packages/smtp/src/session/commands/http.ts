// HTTP requests: whoever sends one is in the wrong place, or would like to have mail sent by somebody's browser.
import * as replies from '../../wire/replies.ts';
import { refuse } from '../proposal.ts';
import type { CommandDefinition } from './definition.ts';

/** Methods of RFC 9110 §9 and RFC 5789, and the preface of RFC 9113 §3.4. */
export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'PRI',
] as const;

/** One line, and the session is over: nothing of the request's body is read as commands. */
export const http: CommandDefinition = { propose: () => refuse('other', replies.noHttpHere) };
