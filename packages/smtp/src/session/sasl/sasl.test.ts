// What holds for every mechanism.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../../testing/holds.ts';
import { saslContextWith } from '../../testing/sasl-exchange.ts';
import { ScramClient } from '../../testing/scram-client.ts';
import { hasControls } from './text.ts';
import { cramMd5 } from './cram-md5.ts';
import { external } from './external.ts';
import { login } from './login.ts';
import type { SaslContext, SaslMechanism } from './mechanism.ts';
import { oauthbearer } from './oauthbearer.ts';
import { plain } from './plain.ts';
import { scramSha256Plus } from './scram-sha-256-plus.ts';
import { scramSha256 } from './scram-sha-256.ts';
import { xoauth2 } from './xoauth2.ts';

const MECHANISMS = [plain, login, xoauth2, cramMd5, oauthbearer, external, scramSha256, scramSha256Plus];

const context: SaslContext = saslContextWith({
  secure: true,
  clientIdentity: 'ann',
  channelBinding: (type) => (type === 'tls-exporter' ? Buffer.from('data') : undefined),
});

/** Anything, and what comes near to something. */
const response = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((octets) => Buffer.from(octets)),
  fc
    .array(
      fc.oneof(
        fc.constantFrom('\0', '\x01', ',', '=', ' ', '\n', '\u00ad', '=2C', 'ann', 'é'),
        fc.constantFrom('n,,', 'y,,', 'p=tls-exporter,,', 'n,a=bob,', 'n=ann', ',r=nonce', 'm=x', 'c=biws', ',p=AAAA'),
        fc.constantFrom('user=ann', 'auth=Bearer token', 'auth=', 'b913a602c7eda7a495b4e6e7334d3890'),
      ),
      { maxLength: 8 },
    )
    .map((words) => Buffer.from(words.join(''))),
);

describe.each(MECHANISMS)('$name', (mechanism) => {
  test('takes whatever a client says, and lets no control character into a name', () => {
    holds(fc.tuple(fc.boolean(), fc.array(response, { minLength: 1, maxLength: 4 })), ([initial, responses]) => {
      const begun = mechanism.begin(context);
      for (const said of initial ? responses : [undefined, ...responses]) {
        const step = begun.next(said);
        if ('challenge' in step) continue;
        if ('credentials' in step) {
          const { authorizationIdentity, username } = step.credentials;
          expect(step.credentials.mechanism).toBe(mechanism.name);
          expect(hasControls(authorizationIdentity + username)).toBe(false);
        }
        return;
      }
    });
  });

  test('has a name in upper case (RFC 4422 §3.1)', () => {
    expect(mechanism.name).toMatch(/^[A-Z\d_-]{1,20}$/);
  });
});

test.each([scramSha256, scramSha256Plus])('$name takes whatever comes as a last message', (mechanism) => {
  const header = mechanism === scramSha256Plus ? 'p=tls-exporter,,' : 'n,,';
  holds(response, (said) => {
    const begun = mechanism.begin(context);
    expect(begun.next(Buffer.from(new ScramClient({ header }).first))).toHaveProperty('challenge');
    const step = begun.next(said);
    expect('malformed' in step || 'refused' in step).toBe(true);
  });
});

test('a mechanism is to be had in clear text, unless it says otherwise', () => {
  const clearText = saslContextWith();
  const available = (mechanism: SaslMechanism): boolean => mechanism.isAvailable?.(clearText) ?? true;
  expect(MECHANISMS.filter((mechanism) => !available(mechanism))).toEqual([external, scramSha256Plus]);
});
