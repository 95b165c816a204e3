// What the verification mail says and carries.
import type { SendMailOptions } from 'nodemailer';
import type { Account } from './accounts.ts';

export const verificationMail = (account: Account, publicUrl: string, avatar?: Buffer): SendMailOptions => {
  const link = new URL(`/verify?token=${account.token}`, publicUrl).href;
  return {
    to: { name: account.name, address: account.email },
    subject: 'Bitte bestätige deine Adresse – schön, dass du da bist ✓',
    text: `Hallo ${account.name},\n\nbitte öffne diese Seite, um deine Adresse zu bestätigen:\n${link}\n`,
    html: `<p>Hallo ${escapeHtml(account.name)},</p><p>bitte <a href="${link}">bestätige deine Adresse</a>.</p>`,
    attachments: [
      { filename: 'Nutzungsbedingungen – kurz & schön.txt', content: TERMS, contentType: 'text/plain; charset=utf-8' },
      ...(avatar ? [{ filename: 'avatar.png', content: avatar }] : []),
    ],
  };
};

const TERMS = Buffer.from('Sei freundlich.\nGrüße aus Köln ✓\n', 'utf8');

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
