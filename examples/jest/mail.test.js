// One server for all tests of the file, and the mail as a whole in a snapshot.
const { expect, test } = require('@jest/globals');
const { useTestSmtp } = require('@mailrig/jest');
const { newMailer } = require('./signup.js');

const mail = useTestSmtp();
const link = 'https://app.example.com/verify?token=4711';

test('the mail is worded like this', async () => {
  const inbox = mail.inbox('ann');

  await newMailer(mail.connection).sendVerification(inbox.address, link);

  const message = await inbox.waitForMessage();
  expect(message).toMatchSnapshot();
  expect(message.raw).toMatchSnapshot('as it was sent');
});

test('what another test has sent is forgotten', () => {
  expect(mail.messages).toEqual([]);
});
