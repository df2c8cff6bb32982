/** A reply that refuses a command: a code, and a text that starts with an enhanced status code (RFC 3463). */
export class SmtpReply extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, text: string) {
    super(text);
    this.name = 'SmtpReply';
    this.responseCode = responseCode;
  }
}

export function noRoomReply(): SmtpReply {
  return new SmtpReply(452, '4.3.1 no room to store the message, try again later');
}
