// Whether DKIM signatures are true, by mailauth: it is loaded with the first that is asked for, and only users of this need it.
import type { Message } from '@mailrig/fixture';
import { findRecord, type DkimKeys } from './dkim-keys.ts';
import { keyNameOf, signaturesOf, type DkimSignature } from './dkim-signature.ts';
import { ExpectationError } from './expectation-error.ts';

export interface DkimVerdict {
  readonly signature: DkimSignature;
  /** `pass`, or why it is not valid, in words. */
  readonly result: string;
  /** Whether that is only because there is no key for it. */
  readonly lacksKey: boolean;
}

/** One verdict for each signature of a message, in their order. Signatures that have expired by now are not valid. */
export async function verifyDkim(
  matcher: string,
  message: Message,
  keys: DkimKeys,
  load: LoadVerifier = loadMailauth,
): Promise<readonly DkimVerdict[]> {
  const signatures = signaturesOf(message);
  if (signatures.length === 0) return [];
  const verify = await loadVerifier(matcher, load);
  const options = { resolver: (name: string) => Promise.resolve(resolve(keys, name)), strict: true };
  const { results } = await verify(message.raw, options);
  return signatures.map((signature) => {
    const lacksKey = signature.defect === undefined && findRecord(keys, keyNameOf(signature)) === undefined;
    const outcome = results.find((one) => isOf(one, signature));
    return { signature, lacksKey, result: lacksKey ? 'no key' : (signature.defect ?? resultOf(outcome)) };
  });
}

/** What is used of mailauth's `dkimVerify`. */
type DkimVerify = (
  input: Buffer,
  options: { readonly resolver: (name: string, type: string) => Promise<string[][]> },
) => Promise<{ readonly results: readonly MailauthResult[] }>;

type LoadVerifier = () => Promise<{ readonly dkimVerify: DkimVerify }>;

/** What is used of a result, and is not all in mailauth's types. */
interface MailauthResult {
  readonly signingDomain?: string;
  readonly selector?: string;
  readonly signature?: string;
  readonly status: {
    readonly result: string;
    readonly comment?: string;
    readonly policy?: Readonly<Record<string, string | undefined>>;
  };
  readonly canonBodyLength?: number;
  readonly canonBodyLengthLimit?: number;
}

function loadMailauth(): Promise<{ readonly dkimVerify: DkimVerify }> {
  return import('mailauth/lib/dkim/verify.js');
}

async function loadVerifier(matcher: string, load: LoadVerifier): Promise<DkimVerify> {
  try {
    return (await load()).dkimVerify;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const remedy = 'npm install --save-dev mailauth';
    throw new ExpectationError(matcher, `verifies by mailauth, which is not installed: \`${remedy}\`.`);
  }
}

function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && message.includes('mailauth');
}

function resolve(keys: DkimKeys, name: string): string[][] {
  const record = findRecord(keys, name.toLowerCase());
  if (record === undefined) throw Object.assign(new Error(`There is no ${name}.`), { code: 'ENOTFOUND' });
  return [[record]];
}

function isOf(
  { selector, signature, signingDomain }: MailauthResult,
  { domain, selector: s, value }: DkimSignature,
): boolean {
  return signingDomain === domain && selector === s && signature?.replaceAll(/\s/g, '') === value;
}

function resultOf(outcome: MailauthResult | undefined): string {
  if (outcome === undefined) return 'not verified';
  const { canonBodyLength = 0, canonBodyLengthLimit = 0, status } = outcome;
  if (status.result !== 'pass') return status.comment ?? status.policy?.['dkim-rules'] ?? status.result;
  // RFC 6376 §3.5
  return canonBodyLengthLimit > canonBodyLength ? 'its l= is more than the body has' : 'pass';
}
