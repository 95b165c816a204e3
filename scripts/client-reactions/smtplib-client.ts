// Python's smtplib as a client: an application of a few lines, in a process of its own.
import { runProgram } from '../../packages/fixture/src/testing/programs.ts';
import { RECIPIENTS, SENDER, type Client, type Job, type Program, type Told } from './client.ts';

/** How an application comes to TLS: by demand, or if the server lists STARTTLS. */
const STARTTLS = {
  demanded: 'server.starttls(context=context)',
  offered: "server.ehlo_or_helo_if_needed()\n        if server.has_extn('starttls'): server.starttls(context=context)",
} as const;

export function smtplib(
  name: string,
  options: { readonly protocol?: 'SMTP' | 'LMTP'; readonly starttls?: keyof typeof STARTTLS } = {},
): Client {
  const { protocol = 'SMTP', starttls = 'demanded' } = options;
  const program = application(protocol, STARTTLS[starttls]);
  return { name, program: PYTHON, send: (job) => send(job, program) };
}

async function send({ afterFirst, mail, content, patience }: Job, program: string): Promise<Told> {
  const mails = afterFirst === undefined ? '1' : '2';
  const env = { ...mail.env(), CONTENT: content, MAILS: mails, PATIENCE: `${patience / 1000}` };
  const { stderr, stdout } = await runProgram('python3', ['-c', program, SENDER, ...RECIPIENTS], env);
  if (stdout === '') throw new Error(`The application in Python has failed: ${stderr}`);
  return JSON.parse(stdout) as Told;
}

export const PYTHON: Program = {
  name: 'Python',
  isPinned: false,
  async version() {
    const { stdout } = await runProgram('python3', ['--version']);
    return /^Python (\S+)/.exec(stdout)?.[1] ?? null;
  },
};

function application(protocol: string, starttls: string): string {
  return `
import json, os, smtplib, ssl, sys

_, sender, *recipients = sys.argv
host, port, patience = os.environ['SMTP_HOST'], int(os.environ['SMTP_PORT']), float(os.environ['PATIENCE'])

def send():
    context = ssl.create_default_context()
    with smtplib.${protocol}(host, port, timeout=patience) as server:
        ${starttls}
        server.login(os.environ['SMTP_USER'], os.environ['SMTP_PASS'])
        for _ in range(int(os.environ['MAILS'])):
            with open(os.environ['CONTENT'], 'rb') as content:
                refused = server.sendmail(sender, recipients, content.read())
        return refused

def name(error):
    return type(error).__name__

def replies(refused):
    return ', '.join(f'{recipient} {code}' for recipient, (code, _) in refused.items())

try:
    refused = send()
    accepted, words = [recipient for recipient in recipients if recipient not in refused], replies(refused)
except smtplib.SMTPRecipientsRefused as error:
    accepted, words = [], f'{name(error)} {replies(error.recipients)}'
except smtplib.SMTPResponseException as error:
    accepted, words = [], f'{name(error)} {error.smtp_code}'
except (OSError, smtplib.SMTPException) as error:
    accepted, words = [], name(error)
print(json.dumps({'accepted': accepted, 'words': words}))
`;
}
