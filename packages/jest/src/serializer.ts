// The snapshot serializer, as a module for `snapshotSerializers` of the configuration.
import { mailSerializer, type MailSerializer } from '@mailrig/matchers';

export const test: MailSerializer['test'] = mailSerializer.test;
export const serialize: MailSerializer['serialize'] = mailSerializer.serialize;
