// A newsletter that can be left with one click (RFC 8058).
import { createTransport } from 'nodemailer';

/** Sends it by nodemailer's connection options: `mail.connection` in the tests. */
export async function sendNewsletter(connection, to) {
  await createTransport(connection).sendMail({
    from: { name: 'The Shop', address: 'news@shop.example' },
    to,
    subject: 'What is new',
    text: 'Read it at https://shop.example/news',
    headers: {
      'List-Unsubscribe': `<https://shop.example/leave?who=${encodeURIComponent(to)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
}
