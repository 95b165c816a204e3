// Plays a scene: a mail server and an application of its own, both gone afterwards.
import { startTestSmtp, type TestSmtp, type TestSmtpOptions } from '@mailrig/fixture';
import { startAppProcess, type HttpAnswer } from './app-process.ts';
import { judge, type Verdict } from './verdict.ts';

const APP = new URL('../app.js', import.meta.url);

export interface Scene {
  readonly title: string;
  readonly options?: TestSmtpOptions;
  readonly play: (stage: Stage) => Promise<void>;
}

interface Stage {
  readonly mail: TestSmtp;
  readonly signUp: (account: { readonly email: string; readonly name: string }) => Promise<void>;
  readonly open: (link: string) => Promise<void>;
  readonly check: (assertion: () => void | Promise<void>) => Promise<void>;
}

export interface Performance {
  readonly title: string;
  /** What the application's user did and saw. */
  readonly exchanges: readonly string[];
  /** The lines of each session. */
  readonly transcripts: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
}

export const perform = async (scene: Scene): Promise<Performance> => {
  await using mail = await startTestSmtp({ auth: { users: { signup: 'correct horse' } }, ...scene.options });
  await using app = await startAppProcess(APP, { MAIL_RETRY_MS: '10', ...mail.env() });
  const exchanges: string[] = [];
  const verdicts: Verdict[] = [];
  const record = (request: string, { status, body }: HttpAnswer): void => {
    exchanges.push(`${request} → ${status} ${JSON.stringify(body)}`);
  };
  await scene.play({
    mail,
    signUp: async (account) => record('POST /signup', await app.post('/signup', account)),
    open: async (link) => record(`GET ${new URL(link).pathname}`, await app.get(link)),
    check: async (assertion) => void verdicts.push(await judge(assertion)),
  });
  await mail.idle();
  return {
    title: scene.title,
    exchanges,
    transcripts: mail.sessions.map(({ transcript }) => transcript.lines),
    verdicts,
  };
};
