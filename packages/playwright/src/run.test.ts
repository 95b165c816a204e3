// What only a run of Playwright can show, in a process of its own. No test asks for a page, so that it needs no browser.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { JSONReport, JSONReportSuite, JSONReportTest, JSONReportTestResult } from '@playwright/test/reporter';
import { beforeAll, describe, expect, test } from 'vitest';

/** In milliseconds. */
const TIME_LIMIT = 120_000;

let tests: ReadonlyMap<string, JSONReportTest>;
/** The names of the files that the HTML report has of its own. */
let files: readonly string[];
beforeAll(async () => {
  const output = mkdtempSync(join(tmpdir(), 'mailrig-playwright-'));
  try {
    const { suites, errors } = await run(output);
    expect(errors).toEqual([]);
    tests = new Map(suites.flatMap(testsOf));
    files = readdirSync(join(output, 'html/data'));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}, TIME_LIMIT);

describe('with the fixtures', () => {
  test.each([
    'the first test is given a server',
    'the next test is given the same, as it was',
    'The inbox has ITS name: an address',
    'the options are those of the configuration',
    'the options are those of the file',
    'a test may leave the server down',
    'the next test finds it up',
    'a beforeAll hook finds the server as it was, and its mails are gone when beforeEach comes',
    'an application stands on the server for as long as the worker',
    'of tests at once the one has a server of its own',
    'of tests at once the other has a server of its own',
  ])('%s', (name) => {
    expect(errorsOf(resultOf(name))).toEqual([]);
    expect(resultOf(name).status).toBe('passed');
  });

  test('tests at once are in workers of their own', () => {
    const [one, other] = ['one', 'other'].map((name) =>
      resultOf(`of tests at once the ${name} has a server of its own`),
    );
    expect(one!.workerIndex).not.toBe(other!.workerIndex);
  });

  test('options that can not work fail the test that asks for the server', () => {
    const [error] = errorsOf(resultOf('with options that can not work'));
    expect(error).toMatch(/OptionError: host /);
  });

  test('a wait that is left behind fails its own test, and not the one behind it', () => {
    const [error] = errorsOf(resultOf('leaves a wait behind'));
    expect(error).toMatch(/^FixtureStoppedError: waitForMessage: .* Was waitForMessage awaited/);
  });

  test('a test that stops the server fails, and not the one behind it', () => {
    const [error] = errorsOf(resultOf('stops the server that others need'));
    expect(error).toMatch(/^FixtureStoppedError: reset: the test server is stopped/);
  });
});

describe('the report of a test', () => {
  test('that failed has the dialogue and the message, as they came', () => {
    const [session, message] = resultOf('fails').attachments;

    expect(session?.name).toMatch(/^Session 1 \(SMTP\) from .* 1 message, closed by client$/);
    expect(session?.contentType).toBe('text/plain');
    expect(decoded(session)).toMatch(/^S: 220 localhost ESMTP\nC: EHLO [^]*\n\* closed by client$/);
    expect(message?.name).toMatch(
      /^Message from shop@example\.com to ann@example\.com, subject 'Welcome', \d+ bytes\.eml$/,
    );
    expect(message?.contentType).toBe('message/rfc822');
    expect(decoded(message)).toMatch(/^From: shop@example\.com\r\n[^]*\r\n\r\nHello\r\n$/);
  });

  test('that failed explains itself in the words of the other runners', () => {
    const [error] = errorsOf(resultOf('fails'));
    expect(error).toMatch(
      /^Error: expect\(server\)\.toHaveSubject\(pattern\)\n\nExpected: \{ subject: 'Goodbye' \}\nReceived: \{ subject: 'Welcome' \}\n/,
    );
    expect(error).toContain('\n\nThe end of session 1:\n');
  });

  test('has the messages in files that a mail program opens', () => {
    const messages = [...tests.values()].flatMap(({ results }) => results.flatMap(mailTypesOf));
    expect(files.filter((name) => name.endsWith('.eml'))).toHaveLength(messages.filter(isMessage).length);
  });

  test.each(['fails softly, after its end', 'fails, with a dot in the subject', 'runs out of time'])(
    'that %s has them too',
    (name) => {
      expect(mailTypesOf(resultOf(name))).toEqual(['text/plain', 'message/rfc822']);
    },
  );

  test('that passes, has no mail, or fails as expected has none', () => {
    for (const name of ['passes', 'fails without a mail', 'fails as expected']) {
      expect(mailTypesOf(resultOf(name))).toEqual([]);
    }
    expect(resultOf('fails without a mail').status).toBe('failed');
    expect(resultOf('fails as expected').status).toBe('failed');
  });

  test('that is tried again has them for the try that failed, and a new server for the other', () => {
    expect(testOf('fails once').status).toBe('flaky');
    const [first, second] = testOf('fails once').results;
    expect(mailTypesOf(first!)).toEqual(['text/plain', 'message/rfc822']);
    expect(mailTypesOf(second!)).toEqual([]);
    expect(second!.status).toBe('passed');
  });
});

type Attachment = JSONReportTestResult['attachments'][number];

/** Where two wait for each other: their connections are closed once both have come. */
async function openMeeting(): Promise<Server> {
  const come: Socket[] = [];
  const meeting = createServer((socket) => {
    come.push(socket.resume());
    if (come.length === 2) for (const one of come) one.end();
  });
  await once(meeting.listen(0, '127.0.0.1'), 'listening');
  return meeting;
}

/** @param output The directory that the run may write to. */
async function run(output: string): Promise<JSONReport> {
  const playwright = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
  const config = fileURLToPath(new URL('testing/run/playwright.config.ts', import.meta.url));
  const meeting = await openMeeting();
  const { port } = meeting.address() as AddressInfo;
  // The packages are those of the sources. Playwright refuses to run where it is told of jest, as vitest does.
  const { JEST_WORKER_ID: _jest, ...inherited } = process.env;
  const env = {
    ...inherited,
    NODE_OPTIONS: '--conditions=@mailrig/source',
    MEETING_PORT: `${port}`,
    PLAYWRIGHT_HTML_OUTPUT_DIR: join(output, 'html'),
  };
  const args = [playwright, 'test', '--config', config, '--output', join(output, 'results')];
  try {
    return await new Promise((resolve, reject) => {
      // Some of its tests fail on purpose, and so does it.
      execFile(process.execPath, args, { env, timeout: TIME_LIMIT, maxBuffer: Infinity }, (_, stdout, stderr) => {
        if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as JSONReport);
        else reject(new Error(`Playwright has not reported: ${stdout}${stderr}`));
      });
    });
  } finally {
    meeting.close();
  }
}

function testsOf({ specs, suites = [] }: JSONReportSuite): [string, JSONReportTest][] {
  const own = specs.flatMap(({ title, tests }) => tests.map((one): [string, JSONReportTest] => [title, one]));
  return [...own, ...suites.flatMap(testsOf)];
}

function testOf(name: string): JSONReportTest {
  const found = tests.get(name);
  if (found === undefined) throw new Error(`No test ${name} among: ${[...tests.keys()].join(', ')}`);
  return found;
}

function resultOf(name: string): JSONReportTestResult {
  return testOf(name).results[0]!;
}

function errorsOf({ errors }: JSONReportTestResult): readonly string[] {
  return errors.map(({ message }) => stripVTControlCharacters(message));
}

/** Of the attachments that are ours. */
function mailTypesOf({ attachments }: JSONReportTestResult): readonly string[] {
  return attachments.map(({ contentType }) => contentType).filter((type) => type !== 'text/markdown');
}

function isMessage(type: string): boolean {
  return type === 'message/rfc822';
}

function decoded(attachment: Attachment | undefined): string {
  return Buffer.from(attachment?.body ?? '', 'base64').toString();
}
