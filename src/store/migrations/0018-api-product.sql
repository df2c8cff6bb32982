-- Answers to requests that carry an Idempotency-Key, so that the same request again gets the same answer.

create table idempotent_request (
  -- Digest of the caller and the key.
  id text primary key,
  -- Keyed digest of method, address and body: another request under the same key is refused.
  request bytea not null,
  begun_at timestamptz not null default now(),
  -- Until then nobody else runs it; after it whoever began it is gone.
  lease_until timestamptz not null,
  answer bytea,
  answer_key text
);
create index idempotent_request_by_age on idempotent_request (begun_at);

-- Who is told of what becomes of messages, and what is still to be told.

create table webhook (
  id text primary key,
  url text not null,
  events text[] not null,
  secret bytea not null,
  secret_key text not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  -- Set where the receiver says that it is gone for good (410).
  ended_at timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure text
);

create table webhook_event (
  id bigint generated always as identity primary key,
  webhook_id text not null references webhook on delete cascade,
  event text not null,
  happened_at timestamptz not null default now(),
  -- Ids, states and verdicts; never content, addresses or findings.
  detail jsonb not null,
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  lease_until timestamptz
);
create index webhook_event_due on webhook_event (next_attempt_at);

-- Written in the transaction of what happened, whatever program did it.
create function tell_of_message() returns trigger language plpgsql as $$
declare
  told constant jsonb := jsonb_build_object('id', new.id, 'kind', new.kind, 'state', new.state, 'verdict', new.verdict,
    'holdUntil', to_char(new.hold_until at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
begin
  insert into webhook_event (webhook_id, event, detail)
  select w.id, 'message.' || new.state, jsonb_build_object('message', told)
  from webhook w where w.ended_at is null and 'message.' || new.state = any(w.events);
  return null;
end $$;
create trigger tell_of_message after update of state on message for each row
  when (new.state is distinct from old.state
    and new.state in ('cleared', 'held', 'released', 'rejected', 'expired', 'delivered', 'returned'))
  execute function tell_of_message();

create function tell_of_decision() returns trigger language plpgsql as $$
begin
  insert into webhook_event (webhook_id, event, detail)
  select w.id, 'message.decided', jsonb_build_object('message', jsonb_build_object('id', m.id, 'kind', m.kind, 'state', m.state),
    'decision', jsonb_build_object('action', new.action, 'by', new.actor))
  from webhook w, message m where m.id = new.message_id and w.ended_at is null and 'message.decided' = any(w.events);
  return null;
end $$;
create trigger tell_of_decision after insert on decision for each row execute function tell_of_decision();
