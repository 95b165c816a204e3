// What only a run of vitest can show, in a process of its own.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

/** In milliseconds. */
const TIME_LIMIT = 60_000;

let output: string;
let results: readonly Result[];

beforeAll(async () => {
  output = await run();
  const lines = output.split('\n').filter((line) => line.startsWith(MARK));
  results = lines.map((line) => JSON.parse(line.slice(MARK.length)) as Result);
}, TIME_LIMIT);

test('a failed test has the dialogue and the message in its report', () => {
  const { state, annotations } = resultOf('fails');
  const [session, message] = annotations;

  expect(state).toBe('failed');
  expect(annotations).toHaveLength(2);
  expect(session?.type).toBe('mail');
  expect(session?.message).toMatch(/^Session 1 \(SMTP\) from [^]*\n +C: DATA\n/);
  expect(session?.attachment.contentType).toBe('text/plain');
  expect(decoded(session)).toMatch(/^S: 220 localhost ESMTP\nC: EHLO [^]*\n\* closed by client$/);
  expect(message?.message).toMatch(/^Message from shop@example\.com to ann@example\.com/);
  expect(message?.attachment.contentType).toBe('message/rfc822');
  expect(decoded(message)).toMatch(/^From: shop@example\.com\r\n[^]*\r\n\r\nHello\r\n$/);
  expect(output).toContain('↳ Session 1 (SMTP)');
});

test('a test that passes, or had no mail, has none', () => {
  expect(resultOf('passes')).toMatchObject({ state: 'passed', annotations: [] });
  expect(resultOf('fails without a mail')).toMatchObject({ state: 'failed', annotations: [] });
});

// The matcher refused what is not there while the difference was printed, and the report had neither it nor the place in the test.
test('a mail that is missing in a list is reported as a difference', () => {
  const [message] = resultOf('fails for want of a mail').errors;

  expect(message).toMatch(/^expected \[\] to deeply equal \[/);
});

test.each(['one', 'other'])('of tests at once each has its own: %s', (name) => {
  const { annotations } = resultOf(`${name} fails`);

  expect(annotations).toHaveLength(2);
  expect(annotations[1]?.message).toContain(`to ${name}-fails.`);
});

test.each(['the address is provided', 'and in the environment', 'a snapshot is steady'])(
  'with a global setup and the serializer of a configuration %s',
  (name) => {
    expect(resultOf(name)).toMatchObject({ state: 'passed' });
  },
);

interface Result {
  readonly name: string;
  readonly state: string;
  /** Their messages. */
  readonly errors: readonly string[];
  readonly annotations: readonly Annotation[];
}

interface Annotation {
  readonly message: string;
  readonly type: string;
  readonly attachment: { readonly contentType: string; readonly body: string };
}

/** What `testing/run/vitest.config.ts` writes a result after. */
const MARK = 'RESULT ';

function run(): Promise<string> {
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
  const config = fileURLToPath(new URL('testing/run/vitest.config.ts', import.meta.url));
  const env = { ...process.env, NO_COLOR: '1' };
  return new Promise((resolve) => {
    // Some of its tests fail on purpose, and so does it.
    execFile(
      process.execPath,
      [vitest, 'run', '--config', config],
      { env, timeout: TIME_LIMIT },
      (_, stdout, stderr) => {
        resolve(stdout + stderr);
      },
    );
  });
}

function resultOf(name: string): Result {
  const result = results.find((one) => one.name === name);
  if (result === undefined) throw new Error(`No test ${name} in: ${output}`);
  return result;
}

function decoded(annotation: Annotation | undefined): string {
  return Buffer.from(annotation?.attachment.body ?? '', 'base64').toString();
}
