import { checkServerIdentity, TLSSocket } from 'node:tls';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import type { Admission, Asker } from './admission.ts';
import { forwardedAddress } from './forwarded-client.ts';
import type { SmtpGatewayDeps, SmtpGatewaySettings } from './smtp-gateway.ts';
import { noRoomReply, SmtpReply } from './smtp-reply.ts';
import { type SmtpUser, type SmtpUsers, userOf } from './smtp-users.ts';
import { takeMail } from './take-mail.ts';

/** What the library asks for at each step; an error is the reply that refuses. */
export function sessionHandlers(
  settings: SmtpGatewaySettings,
  deps: SmtpGatewayDeps,
  admission: Admission,
  users: SmtpUsers | null,
): SMTPServerOptions {
  const inHand = { bytes: 0, inMemory: 0 };
  const counted = new Map<string, string>();
  return {
    onConnect({ id, remoteAddress }, callback) {
      const refusal = admission.enter(remoteAddress);
      if (refusal === null) counted.set(id, remoteAddress);
      callback(refusal);
    },
    onClose({ id }) {
      const peer = counted.get(id);
      if (peer !== undefined) admission.leave(peer);
      counted.delete(id);
    },
    onSecure(socket, session, callback) {
      const names = settings.certified?.names ?? [];
      const name = socket instanceof TLSSocket && socket.authorized ? certifiedName(socket, names) : undefined;
      if (name !== undefined) session.user = { name, senders: null } satisfies SmtpUser;
      callback();
    },
    onAuth({ method, username = '', password }, session, callback) {
      // A trusted peer has looked at the password itself.
      if (method === 'XCLIENT') {
        callback(null, { user: { name: username, senders: null } satisfies SmtpUser });
        return;
      }
      const refusal = admission.signIn(session.remoteAddress);
      if (refusal !== null || users === null) {
        callback(refusal ?? new SmtpReply(535, '5.7.8 no users'));
        return;
      }
      users.signIn(username, password ?? '').then(
        (user) => {
          if (user !== null) {
            callback(null, { user });
            return;
          }
          admission.noteFailedSignIn(session.remoteAddress);
          deps.log.warn({ address: session.remoteAddress }, 'SMTP client gave a wrong name or password');
          callback(new SmtpReply(535, '5.7.8 wrong name or password'));
        },
        (err: unknown) => {
          deps.log.error({ err }, 'users of the SMTP gateway could not be read');
          callback(new SmtpReply(454, '4.7.0 nobody can sign in now, try again later'));
        },
      );
    },
    onMailFrom({ address, args }, session, callback) {
      const refusal = admission.mail(address, askerOf(session));
      if (refusal !== null) {
        callback(refusal);
        return;
      }
      const unknown = unknownParameter(args, MAIL_PARAMETERS);
      if (unknown !== null) {
        callback(unknown);
        return;
      }
      const size = args && 'SIZE' in args ? Number(args['SIZE']) : 0;
      const room = deps.hasRoom?.(size) ?? Promise.resolve(true);
      room.then((hasRoom) => callback(hasRoom ? null : noRoomReply()), callback);
    },
    onRcptTo({ args }, session, callback) {
      callback(unknownParameter(args, RCPT_PARAMETERS) ?? admission.recipient(askerOf(session)));
    },
    onData(stream, session, callback) {
      takeMail(stream, session, { settings, deps, inHand }).then(
        (id) => callback(null, `2.0.0 queued as ${id}`),
        (reason: unknown) => {
          if (reason instanceof SmtpReply) {
            callback(reason);
            return;
          }
          // A client that hangs up within a message has not been told anything, and keeps it.
          if (reason instanceof Error && 'code' in reason && reason.code === 'ECONNECTION') {
            deps.log.info({ err: reason }, 'mail was cut off by its client');
          } else deps.log.error({ err: reason }, 'mail could not be taken');
          callback(new SmtpReply(451, '4.3.0 not taken, try again later'));
        },
      );
    },
  };
}

/** AUTH names who wrote it (RFC 4954 section 5), which we leave to the client that passed it on. */
const MAIL_PARAMETERS = ['SIZE', 'BODY', 'SMTPUTF8', 'RET', 'ENVID', 'AUTH'];
const RCPT_PARAMETERS = ['NOTIFY', 'ORCPT'];

/** RFC 5321 section 4.1.1.11: what is not offered is refused, and not taken and forgotten, as a promise such as REQUIRETLS would be. */
function unknownParameter(args: object | false, known: readonly string[]): SmtpReply | null {
  const unknown = Object.keys(args === false ? {} : args).find((name) => !known.includes(name));
  return unknown === undefined ? null : new SmtpReply(555, `5.5.4 ${unknown.slice(0, 40)} is not offered`);
}

/** Which of these names the client's certificate is of, by the rules for host names (RFC 6125). */
function certifiedName(socket: TLSSocket, names: readonly string[]): string | undefined {
  const certificate = socket.getPeerCertificate();
  return names.find((name) => checkServerIdentity(name, certificate) === undefined);
}

function askerOf(session: SMTPServerSession): Asker {
  return {
    address: session.remoteAddress,
    origin: forwardedAddress(session) ?? session.remoteAddress,
    isSecure: session.secure,
    user: userOf(session),
  };
}
