import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Config } from '../../config.ts';
import { errorCode } from '../../store/error-code.ts';
import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

const CHECK = 'certificate';
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** The gateway's own certificate and key: there, of one pair, and in force. */
export function checkCertificate({ smtpTls }: Config, now: number): readonly Diagnosis[] {
  if (smtpTls === null) return [];
  const [cert, key] = [read(smtpTls.cert), read(smtpTls.key)];
  for (const [setting, file, content] of [
    ['HOLDFAST_SMTP_TLS_CERT', smtpTls.cert, cert],
    ['HOLDFAST_SMTP_TLS_KEY', smtpTls.key, key],
  ] as const) {
    if (typeof content === 'string') {
      return [
        fault(
          CHECK,
          `${setting} ${file} cannot be read (${content})`,
          'restore the file, or let the user that runs holdfast read it',
        ),
      ];
    }
  }
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return [
        fault(CHECK, `${smtpTls.cert} is not the certificate of ${smtpTls.key}`, 'set the two that belong together'),
      ];
    }
    const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
    if (days < 0) return [fault(CHECK, `${smtpTls.cert} ended ${-days} days ago`, 'renew it and restart the gateway')];
    if (days < SOON_DAYS)
      return [warning(CHECK, `${smtpTls.cert} ends in ${days} days`, 'renew it and restart the gateway')];
    return [well(CHECK, `${smtpTls.cert}, for ${days} more days`)];
  } catch {
    return [
      fault(
        CHECK,
        `${smtpTls.cert} and ${smtpTls.key} are no PEM files`,
        'set a certificate and its key, without a passphrase',
      ),
    ];
  }
}

function read(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch (error) {
    return errorCode(error);
  }
}
