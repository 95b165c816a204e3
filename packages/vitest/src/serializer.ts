// The snapshot serializer, for `snapshotSerializers` of the configuration, which wants a default export.
import { mailSerializer, type MailSerializer } from '@mailrig/matchers';

const serializer: MailSerializer = mailSerializer;
export default serializer;
