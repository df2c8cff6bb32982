import type { Instant } from '../core/entry.ts';
import { summariseAttachments } from '../detect/attachment-summary.ts';
import { batchOf, findOddOnes, type Sibling } from '../detect/batch.ts';
import { type BatchWait, batchWait } from '../detect/batch-wait.ts';
import type { BatchJudgement, ScanReport, Siblings } from './engine.ts';
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

/** Judges a mail among its siblings; `before` tells how far it has waited for them, null at its first judgement. */
export function judgeInBatch(
  report: Pick<ScanReport, 'judgement' | 'parties'>,
  own: Sibling,
  others: Siblings,
  before: BatchWait | null,
  parts: Pick<EngineParts, 'rules' | 'registers'>,
): BatchJudgement {
  const { thresholds } = parts.rules;
  const odd = findOddOnes([...others.judged, own], thresholds).get(own.id);
  const judgement = odd === undefined ? report.judgement : judgeAgain(report, [odd], parts);
  const seen = batchOf(own, others.judged, thresholds).length;
  const wait = batchWait({ seen, unjudged: others.unjudged }, before, thresholds);
  return { judgement, seen, waitMs: judgement.verdict === 'hold' ? null : wait };
}
