// What the application is made of.
import { Module, type DynamicModule } from '@nestjs/common';
import { MailerModule } from '@nestjs-modules/mailer';
import { InvitationMailer } from './invitations/invitation-mailer.ts';
import { InvitationsController } from './invitations/invitations.controller.ts';
import { InvitationsService } from './invitations/invitations.service.ts';
import { mailerOptions } from './mail/mailer-options.ts';
import { SETTINGS, type Settings } from './settings.ts';

@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [MailerModule.forRoot(mailerOptions(settings))],
      controllers: [InvitationsController],
      providers: [{ provide: SETTINGS, useValue: settings }, InvitationMailer, InvitationsService],
    };
  }
}
