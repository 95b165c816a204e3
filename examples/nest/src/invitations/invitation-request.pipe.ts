// Makes an invitation's request of an HTTP body.
import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';
import type { InvitationRequest } from './invitation.ts';

@Injectable()
export class InvitationRequestPipe implements PipeTransform<unknown, InvitationRequest> {
  transform(body: unknown): InvitationRequest {
    const { email, name } = Object(body) as Record<string, unknown>;
    if (typeof email !== 'string' || !email.includes('@')) throw new BadRequestException('email is missing.');
    if (typeof name !== 'string') throw new BadRequestException('name is missing.');
    return { email, name };
  }
}
