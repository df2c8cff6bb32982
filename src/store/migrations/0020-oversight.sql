-- What those who oversee are counted from, without reading rows that carry sealed judgements: messages of one shape name the same
-- entries, rules and reasons.
alter table message add column shape bigint;

create function shape_message() returns trigger language plpgsql as $$
begin
  new.shape := hashtextextended(new.entries::text || new.rules::text || new.reasons::text, 0);
  return new;
end $$;
create trigger shape_message before update of verdict, entries, rules, reasons on message
  for each row when (new.verdict is not null) execute function shape_message();

update message set entries = entries where verdict is not null;

create index message_judged on message (received_at, id) include (verdict, state, shape) where verdict is not null;

-- Changes that run silent over what is judged, and what they would have made of it; nothing is decided by them.
create table silent_trial (
  id text primary key,
  kind text not null check (kind in ('release', 'dataset', 'rules')),
  -- Id of the entry, or the rule file.
  target text not null,
  -- The entry as a register keeps it, or the text of the rule file.
  definition jsonb not null check (not jsonb_path_exists(definition, '$.**.figures[*].value')),
  started_by text not null,
  started_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  -- Messages that were judged both ways, and the ones that there was no time for.
  judged bigint not null default 0,
  left_out bigint not null default 0
);
create trigger registers_changed after insert or update of ended_at on silent_trial
  for each statement execute function registers_changed();

create table silent_trial_hit (
  trial_id text not null references silent_trial on delete cascade,
  message_id text collate "C" not null references message on delete cascade,
  before_verdict text not null check (before_verdict in ('pass', 'flag', 'hold')),
  after_verdict text not null check (after_verdict in ('pass', 'flag', 'hold')),
  detectors text[] not null,
  at timestamptz not null default now(),
  primary key (trial_id, message_id)
);
create index silent_trial_hit_of_message on silent_trial_hit (message_id);
