// A sign-up's mailer: under STARTTLS or not at all, and once more after a temporary refusal.
const { createTransport } = require('nodemailer');

/** A mailer for nodemailer's connection options: `mail.connection` in the tests. */
exports.newMailer = (connection) => {
  const transport = createTransport({ ...connection, requireTLS: true }, { from: 'signup@example.com' });
  const send = (mail) =>
    transport.sendMail(mail).catch((error) => {
      if (error.responseCode >= 400 && error.responseCode < 500) return transport.sendMail(mail);
      throw error;
    });
  return {
    sendVerification: (address, link, attachments = []) =>
      send({
        to: address,
        subject: 'Bitte bestätige deine Adresse ✓',
        text: `Bitte öffne ${link}`,
        attachments,
      }),
  };
};
