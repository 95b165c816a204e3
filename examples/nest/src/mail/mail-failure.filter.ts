// What a mail that could not be sent means for whoever has asked for it over HTTP.
import {
  Catch,
  Logger,
  ServiceUnavailableException,
  UnprocessableEntityException,
  type ArgumentsHost,
  type ExceptionFilter,
  type HttpException,
} from '@nestjs/common';
import { MailFailure } from './mail-failure.ts';

@Catch(MailFailure)
export class MailFailureFilter implements ExceptionFilter<MailFailure> {
  readonly #logger = new Logger(MailFailureFilter.name);

  catch(failure: MailFailure, host: ArgumentsHost): void {
    if (failure.reason !== 'refused') this.#logger.error(failure);
    const answer = answerTo(failure);
    host.switchToHttp().getResponse<JsonResponse>().status(answer.getStatus()).json(answer.getResponse());
  }
}

/** What is wrong with the mail is for the user to know; what is wrong with the server is not. */
const answerTo = (failure: MailFailure): HttpException =>
  failure.reason === 'refused'
    ? new UnprocessableEntityException(`The mail was refused: ${failure.message}`)
    : new ServiceUnavailableException('No mail can be sent at the moment.');

/** What is needed of Express's. */
interface JsonResponse {
  status(code: number): JsonResponse;
  json(body: unknown): void;
}
