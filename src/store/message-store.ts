import type pg from 'pg';

import { asSource } from '../core/byte-source.ts';
import type { Clock } from '../service/ports.ts';
import type { MessageRecord } from '../service/stores.ts';
import { gather } from './gather.ts';
import { countFresh } from './messages/count-fresh.ts';
import { countWaiting } from './messages/count-waiting.ts';
import { decideMessage } from './messages/decide-message.ts';
import {
  claimForDelivery,
  type DeliveryCall,
  type DeliveryClaimCall,
  recordDelivery,
} from './messages/delivery-claim.ts';
import { countMessages, findMessage, listMessages } from './messages/find-messages.ts';
import { findSiblings } from './messages/find-siblings.ts';
import { findThread } from './messages/find-thread.ts';
import { insertMessage } from './messages/insert-message.ts';
import { insertTogether, type SmallMessage, TOGETHER_BYTES } from './messages/insert-together.ts';
import { overseeMessages } from './messages/oversee-messages.ts';
import { overseeRules } from './messages/oversee-rules.ts';
import { pendingJobs } from './messages/pending-jobs.ts';
import { tidyUp } from './messages/purge-messages.ts';
import { contentSource, readContent } from './messages/read-content.ts';
import { RecentKeys } from './messages/recent-keys.ts';
import { RuleNames } from './messages/rule-names.ts';
import {
  type ClaimCall,
  claimForScan,
  type JudgementCall,
  recordJudgement,
  releaseClaim,
  renewClaim,
} from './messages/scan-claim.ts';
import { takeFresh } from './messages/take-fresh.ts';
import { CHUNK_BYTES } from './sealing.ts';
import type { StoreKeys } from './store-keys.ts';
import { takeTurns } from './take-turns.ts';

/** Under load, how long verdicts and deliveries wait for others to be written with: fewer statements, of more rows each. */
const LINGER_MS = 10;

/** Ends of the whole tree, during a scan, that are not taken for the message's doing. */
const FORGIVEN_RESTARTS = 4;

/** Large messages written at a time: more are no faster, and each has some chunks of it in memory. */
const LARGE_AT_A_TIME = 2;

/** The record of truth on PostgreSQL. `now` is the judgements' clock and decides lifts; leases run on the database's. */
export function createMessageStore(pool: pg.Pool, keys: StoreKeys, now: Clock, keepsDelivered = false): MessageRecord {
  const stored = gather(async (messages: readonly SmallMessage[]) => {
    await insertTogether(pool, keys, messages);
    return messages;
  });
  const inTurn = takeTurns(LARGE_AT_A_TIME);
  const claimScan = gather((calls: readonly ClaimCall[]) => claimForScan(pool, keys, calls, now()));
  const wrapped = new RecentKeys();
  const ruleNames = new RuleNames(keys);
  const judged = gather((calls: readonly JudgementCall[]) => recordJudgement(pool, keys, calls, wrapped), LINGER_MS);
  const claimDelivery = gather((calls: readonly DeliveryClaimCall[]) => claimForDelivery(pool, keys, calls), LINGER_MS);
  const delivered = gather(
    (calls: readonly DeliveryCall[]) => recordDelivery(pool, keys, calls, keepsDelivered),
    LINGER_MS,
  );
  return {
    async insert(message) {
      const { content } = message;
      if (content instanceof Uint8Array && content.length <= TOGETHER_BYTES) await stored({ ...message, content });
      else if (asSource(content).size <= CHUNK_BYTES) await insertMessage(pool, keys, message);
      else await inTurn(() => insertMessage(pool, keys, message));
    },
    async insertClaimed({ name, submittedBy, ...message }, worker, leaseMs) {
      const claim = { worker, leaseMs };
      // Whoever submits it is answered after its verdict is committed, and that flushes this too; without a verdict only when PostgreSQL has
      // long flushed it by itself (`VERDICT_WAIT_MS` against three times `wal_writer_delay`).
      wrapped.keep(await insertMessage(pool, keys, message, { name, submittedBy, claim, isFlushedLater: true }));
    },
    async insertSubmitted({ name, submittedBy, ...message }) {
      await insertMessage(pool, keys, message, { name, submittedBy });
    },
    find: (id) => findMessage(pool, keys, id),
    list: (query) => listMessages(pool, keys, query),
    count: (query) => countMessages(pool, query),
    content: (id) => readContent(pool, keys, id),
    source: (id) => contentSource(pool, keys, id),
    claimForScan: (id, worker, leaseMs, registersVersion) =>
      claimScan({ id, worker, leaseMs, ...(registersVersion !== undefined && { registersVersion }) }),
    async forgetCanary(id) {
      await pool.query(`delete from message where id = $1 and transport @> '{"isCanary": true}'`, [id]);
    },
    countFresh: (limit) => countFresh(pool, limit),
    takeFresh: (worker, leaseMs, limit) => takeFresh(pool, keys, worker, leaseMs, limit, wrapped),
    recordJudgement: async (id, worker, judgement, rulesVersion, extras = { subject: null, releasedAtLift: false }) => {
      await judged({ id, worker, judgement, rulesVersion, extras });
    },
    renewClaim: (id, worker, leaseMs) => renewClaim(pool, id, worker, leaseMs),
    releaseClaim: (id, worker, reason) => releaseClaim(pool, keys, id, worker, reason, now()),
    claimForDelivery: (id, worker, leaseMs, content) =>
      claimDelivery({ id, worker, leaseMs, ...(content !== undefined && { content }) }),
    recordDelivery: async (id, worker, result) => {
      await delivered({ id, worker, result });
    },
    pending: (at, limit, kinds) => pendingJobs(pool, at, limit, kinds),
    thread: (messageIds) => findThread(pool, messageIds),
    siblings: (sender, id) => findSiblings(pool, keys, sender, id),
    countWaiting: () => countWaiting(pool, now()),
    oversee: (since) => overseeMessages(pool, since),
    oversight: (since) => overseeRules(pool, ruleNames, since),
    tidyUp: (retention) => tidyUp(pool, keys, retention),
    async endClaims() {
      // A message that takes the whole tree with it is forgiven a few times, not for ever.
      await pool.query(
        `update message set lease_until = now(),
           scan_attempts = case when state = 'scanning' and restarts < ${FORGIVEN_RESTARTS} then greatest(0, scan_attempts - 1) else scan_attempts end,
           restarts = case when state = 'scanning' then restarts + 1 else restarts end
         where state in ('scanning', 'delivering') and lease_owner is not null`,
      );
    },
    decide: (id, decision, caller) => decideMessage(pool, keys, id, decision, caller),
  };
}
