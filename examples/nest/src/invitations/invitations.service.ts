// The invitations, in memory.
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { InvitationMailer } from './invitation-mailer.ts';
import type { Invitation, InvitationRequest, InvitationStatus } from './invitation.ts';

@Injectable()
export class InvitationsService {
  readonly #mailer: InvitationMailer;
  readonly #byEmail = new Map<string, Invitation>();

  constructor(mailer: InvitationMailer) {
    this.#mailer = mailer;
  }

  /** @throws ConflictException if the address has an invitation. @throws MailFailure if no mail can be sent to it. */
  async invite(request: InvitationRequest): Promise<Invitation> {
    const { email } = request;
    if (this.#byEmail.has(email)) throw new ConflictException(`${email} has an invitation.`);
    const invitation: Invitation = { ...request, token: randomBytes(16).toString('base64url'), status: 'queued' };
    this.#byEmail.set(email, invitation);
    const settle = (status: InvitationStatus): Invitation => this.#setMailStatus(email, status);
    try {
      return settle(await this.#mailer.send(invitation, settle));
    } catch (error) {
      // Nobody could ever accept it: the address stays free for another try.
      this.#byEmail.delete(email);
      throw error;
    }
  }

  /** @throws NotFoundException if the address has none. */
  find(email: string): Invitation {
    const invitation = this.#byEmail.get(email);
    if (!invitation) throw new NotFoundException(`${email} has no invitation.`);
    return invitation;
  }

  /** @throws NotFoundException if no invitation has the token. */
  accept(token: string): Invitation {
    const invitation = [...this.#byEmail.values()].find((candidate) => candidate.token === token);
    if (!invitation) throw new NotFoundException('This link is not valid.');
    return this.#setStatus(invitation.email, 'accepted');
  }

  #setMailStatus(email: string, status: InvitationStatus): Invitation {
    const invitation = this.find(email);
    // A mail whose reply was lost may have been taken, and its link opened, before it is sent again.
    return invitation.status === 'accepted' ? invitation : this.#setStatus(email, status);
  }

  #setStatus(email: string, status: InvitationStatus): Invitation {
    const invitation = { ...this.find(email), status };
    this.#byEmail.set(email, invitation);
    return invitation;
  }
}
