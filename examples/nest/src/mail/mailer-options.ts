// How mail goes out: under verified TLS or not at all, with the bodies of `templates/`.
import type { MailerOptions } from '@nestjs-modules/mailer';
import { HandlebarsAdapter } from '@nestjs-modules/mailer/adapters/handlebars.adapter';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../settings.ts';

export const mailerOptions = ({ smtp }: Settings): MailerOptions => ({
  transport: { ...smtp, requireTLS: !smtp.secure },
  template: {
    dir: fileURLToPath(new URL('../../templates', import.meta.url)),
    adapter: new HandlebarsAdapter(),
    options: { strict: true },
  },
});
