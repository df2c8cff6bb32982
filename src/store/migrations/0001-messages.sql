-- Messages, their sealed content and the state of their delivery. Content, findings and subject are sealed with the
-- message's own data key; that key is wrapped by a key that is not in the database.

create table message (
  id text collate "C" primary key,
  kind text not null check (kind in ('email', 'draft', 'file')),
  state text not null check (state in ('received', 'scanning', 'cleared', 'held', 'released', 'rejected', 'expired',
                                       'delivering', 'delivered', 'returned')),
  received_at timestamptz not null,
  publish_at timestamptz,
  sender text not null,
  message_id text,
  bytes bigint not null,
  -- Options of the SMTP session that go on to the next hop.
  transport jsonb not null default '{}',
  -- What the message is called where it has no headers of its own: `draft.txt`, a file's name.
  name text,
  submitted_by text,

  key_id text not null,
  wrapped_key bytea not null,
  content_purged_at timestamptz,

  verdict text check (verdict in ('pass', 'flag', 'hold')),
  hold_until timestamptz,
  effective_at timestamptz,
  judged_at timestamptz,
  -- The transaction of the verdict: nothing is claimed for delivery in the transaction that judges it.
  judged_in xid8,
  rules_version text,
  -- Findings, incomplete parts and subject, sealed.
  judgement bytea,
  -- Register entries that the findings name.
  entries text[] not null default '{}',
  release_at_lift boolean not null default false,
  -- When what is held is judged again by itself: the lift of all that holds it, or of all its releases where a reviewer said so.
  judge_again_at timestamptz,
  -- A register entry concerned was changed: judge again.
  judge_again boolean not null default false,
  cleared_at timestamptz,

  lease_owner text,
  lease_until timestamptz,
  scan_attempts int not null default 0,
  delivery_attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,

  check ((verdict is null) = (judgement is null)),
  check (state not in ('cleared', 'held', 'released', 'rejected', 'expired', 'delivering', 'delivered', 'returned') or verdict is not null),
  check (state <> 'cleared' or verdict in ('pass', 'flag')),
  check (state <> 'held' or verdict = 'hold'),
  check (state <> 'scanning' or lease_owner is not null)
);

create index message_by_state on message (state, id);
create index message_to_scan on message (next_attempt_at) where state in ('received', 'scanning');
create index message_to_deliver on message (next_attempt_at) where state in ('cleared', 'released', 'delivering') and kind = 'email';
create index message_at_lift on message (judge_again_at) where state = 'held';
create index message_of_entry on message using gin (entries) where state = 'held';
create index message_to_judge_again on message (id) where judge_again;
create index message_by_submitter on message (submitted_by, id) where submitted_by is not null;

create table message_content (
  message_id text collate "C" not null references message on delete cascade,
  chunk int not null,
  is_final boolean not null,
  sealed bytea not null,
  primary key (message_id, chunk)
);
-- Sealed bytes do not compress.
alter table message_content alter column sealed set storage external;
alter table message alter column judgement set storage external;

create table message_recipient (
  message_id text collate "C" not null references message on delete cascade,
  position int not null,
  address text not null,
  state text not null default 'due' check (state in ('due', 'delivered', 'failed')),
  reply text,
  settled_at timestamptz,
  primary key (message_id, position)
);

create table decision (
  id bigint generated always as identity primary key,
  message_id text collate "C" not null references message on delete cascade,
  action text not null check (action in ('release', 'reject', 'release-at-lift')),
  reason text not null,
  actor text not null,
  decided_at timestamptz not null default now()
);
create index decision_of_message on decision (message_id);

-- No verdict, no exit: whatever the program does, a message leaves only along these ways.
create function guard_message() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state not in ('received', 'scanning') or new.verdict is not null then
      raise exception 'message % cannot begin as %', new.id, new.state using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if new.state = old.state then return new; end if;
  if (old.state || '>' || new.state) not in (
    'received>scanning', 'scanning>received', 'scanning>cleared', 'scanning>held', 'scanning>released',
    'held>scanning', 'held>released', 'held>rejected', 'held>expired',
    'cleared>scanning', 'cleared>delivering', 'released>delivering',
    -- Judged again because the verdict had grown old before the mail got out.
    'delivering>scanning', 'delivering>delivered', 'delivering>returned') then
    raise exception 'message % cannot go from % to %', new.id, old.state, new.state using errcode = 'check_violation';
  end if;
  if new.state = 'released' and not exists (
    select from decision where message_id = new.id and action in ('release', 'release-at-lift')) then
    raise exception 'message % has no release', new.id using errcode = 'check_violation';
  end if;
  if new.state = 'delivering' and (old.judged_in is null or old.judged_in = pg_current_xact_id()) then
    raise exception 'message % has no committed verdict', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger guard_message before insert or update of state on message
  for each row execute function guard_message();
