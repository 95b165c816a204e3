// The HTTP side of invitations.
import { Body, Controller, Get, Param, Post, Query, UseFilters } from '@nestjs/common';
import { MailFailureFilter } from '../mail/mail-failure.filter.ts';
import { InvitationRequestPipe } from './invitation-request.pipe.ts';
import type { Invitation, InvitationRequest } from './invitation.ts';
import { InvitationsService } from './invitations.service.ts';

@Controller('invitations')
@UseFilters(MailFailureFilter)
export class InvitationsController {
  readonly #invitations: InvitationsService;

  constructor(invitations: InvitationsService) {
    this.#invitations = invitations;
  }

  @Post()
  async invite(@Body(InvitationRequestPipe) request: InvitationRequest): Promise<PublicInvitation> {
    return publicView(await this.#invitations.invite(request));
  }

  @Get('accept')
  accept(@Query('token') token: string): PublicInvitation {
    return publicView(this.#invitations.accept(token));
  }

  @Get(':email')
  show(@Param('email') email: string): PublicInvitation {
    return publicView(this.#invitations.find(email));
  }
}

type PublicInvitation = Omit<Invitation, 'token'>;

const publicView = ({ email, name, status }: Invitation): PublicInvitation => ({ email, name, status });
