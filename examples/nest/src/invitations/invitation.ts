// What an invitation is.

export interface InvitationRequest {
  readonly email: string;
  readonly name: string;
}

/** `queued`: the mail will be tried again. `undeliverable`: it was tried in vain, and will not be any more. */
export type InvitationStatus = 'queued' | 'sent' | 'undeliverable' | 'accepted';

export interface Invitation extends InvitationRequest {
  /** What the link in the mail carries. */
  readonly token: string;
  readonly status: InvitationStatus;
}
