import { once } from 'node:events';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { mailSetup, type ProvidedMail } from './global-setup.ts';

test('it starts a server, sets its variables, and takes both back', async () => {
  process.env['MAILRIG_TEST_HOST'] = 'mail.example';
  const provided: ProvidedMail[] = [];

  const teardown = await mailSetup({ tls: 'none', prefix: 'MAILRIG_TEST_' })({
    provide: (key, value) => {
      expect(key).toBe('mail');
      provided.push(value);
    },
  });

  const [{ host, port, connection }] = provided as [ProvidedMail];
  await createTransport(connection).verify();
  expect(process.env['MAILRIG_TEST_HOST']).toBe(host);
  expect(process.env['MAILRIG_TEST_PORT']).toBe(`${port}`);

  await teardown();

  expect(process.env['MAILRIG_TEST_HOST']).toBe('mail.example');
  expect(process.env).not.toHaveProperty('MAILRIG_TEST_PORT');
  await expect(once(connect(port, host), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  delete process.env['MAILRIG_TEST_HOST'];
});

test('what it provides can go to another process', async () => {
  let provided: ProvidedMail | undefined;
  const teardown = await mailSetup()({ provide: (_, value) => (provided = value) });
  await teardown();

  expect(structuredClone(provided)).toEqual(provided);
  expect(provided?.ca).toContain('BEGIN CERTIFICATE');
});

test('options that can not work are refused', async () => {
  await expect(mailSetup({ host: '10.0.0.1' as 'localhost' })({ provide: () => undefined })).rejects.toMatchObject({
    code: 'ERR_MAILRIG_OPTION',
  });
});
