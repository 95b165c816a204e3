const { test } = require('node:test');
const { startTestSmtp } = require('@mailrig/fixture');
const { expectMail } = require('@mailrig/matchers/node');

test('CommonJS requires it', async (t) => {
  const mail = await startTestSmtp();
  t.after(() => mail.stop());

  await expectMail(mail).not.toReceiveMessage({}, { within: 0 });
});
