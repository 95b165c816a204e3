// The application: a form to sign up, a mail with a link, and the page that the link opens.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Accounts } from './accounts.ts';
import { Mailer, type Outcome } from './mailer.ts';
import { SIGN_UP_PAGE, statusPage } from './pages.ts';

export interface App {
  /** For example `http://127.0.0.1:49152`. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param smtp The options of a nodemailer transport. */
export async function startApp(smtp: object): Promise<App> {
  const shop = new Shop(new Mailer(smtp, RETRY_AFTER));
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    void shop.answer(request, origin).then(
      ({ status, html }) => response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html),
      // A visitor who has left in the middle of the form.
      () => response.destroy(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** In milliseconds: this shop does not let its visitors wait. */
const RETRY_AFTER = 10;

interface Answer {
  readonly status: number;
  readonly html: string;
}

class Shop {
  readonly #accounts = new Accounts();
  readonly #mailer: Mailer;

  constructor(mailer: Mailer) {
    this.#mailer = mailer;
  }

  async answer(request: IncomingMessage, origin: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    switch (`${request.method} ${pathname}`) {
      case 'GET /':
        return { status: 200, html: SIGN_UP_PAGE };
      case 'POST /sign-up':
        return this.#signUp(new URLSearchParams(await text(request)).get('address') ?? '', origin);
      case 'GET /confirm':
        return this.#confirm(searchParams.get('token') ?? '');
      default:
        return told(404, 'There is nothing at this address.');
    }
  }

  async #signUp(address: string, origin: string): Promise<Answer> {
    const token = this.#accounts.open(address);
    if (token === undefined) return told(409, `${address} has an account.`);
    const link = new URL(`/confirm?token=${token}`, origin);
    const outcome = await this.#mailer.send({
      to: address,
      subject: 'Confirm your address',
      text: `Welcome!\n\nOpen this page to confirm your address:\n${link.href}\n`,
    });
    // Nobody could ever confirm it: the address stays free for another try.
    if (outcome === 'refused') this.#accounts.remove(address);
    return told(...ANSWERS[outcome]);
  }

  #confirm(token: string): Answer {
    const address = this.#accounts.confirm(token);
    return address === undefined ? told(404, 'This link is not valid.') : told(200, `${address} is confirmed.`);
  }
}

const ANSWERS: Readonly<Record<Outcome, readonly [status: number, text: string]>> = {
  sent: [200, 'Look into your inbox: there is a link for you.'],
  delayed: [202, 'Your mail is on its way.'],
  refused: [422, 'Your address takes no mail. Is it right?'],
};

function told(status: number, message: string): Answer {
  return { status, html: statusPage(message) };
}
