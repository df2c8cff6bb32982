import type { Instant } from '../core/entry.ts';
import type { Judgement } from '../core/verdict.ts';
import { summariseAttachments } from '../detect/attachment-summary.ts';
import { findOddOnes, type Sibling } from '../detect/batch.ts';
import type { ScanReport } from './engine.ts';
import { type EngineParts, judgeAgain } from './scan-message.ts';

/** What a judged mail is compared with its siblings by. */
export function siblingOf(id: string, at: Instant | null, report: ScanReport): Sibling {
  const records = report.judgement.findings.filter(
    ({ detector }) => detector === 'record-level' || detector === 'fingerprint',
  );
  return {
    id,
    sender: report.parties.from,
    subject: report.opened.headers?.subject ?? '',
    at,
    attachments: summariseAttachments(report.opened),
    sensitive: records.map((finding) => finding.path),
  };
}

/** The judgement of a mail among its siblings: the same, unless its attachment stands apart from theirs. */
export function judgeInBatch(
  report: ScanReport,
  own: Sibling,
  others: readonly Sibling[],
  parts: Pick<EngineParts, 'rules' | 'registers'>,
): Judgement {
  const odd = findOddOnes([...others, own], parts.rules.thresholds).get(own.id);
  return odd === undefined ? report.judgement : judgeAgain(report, [odd], parts);
}
