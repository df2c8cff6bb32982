-- What reviewers find held messages by, beside what is sealed: none of it depends on an embargoed value.

alter table message
  -- Of the findings: names of detectors, keyed digests of `detector/rule` (a rule's name tells what a mail says), and why parts
  -- could not be looked at.
  add column detectors text[] not null default '{}',
  add column rules text[] not null default '{}',
  add column reasons text[] not null default '{}',
  -- Recipients of what is held, and their organisations, in lower case.
  add column parties text[] not null default '{}';

update message m set parties = array(
  select distinct party from message_recipient r,
    lateral (values (lower(r.address)), (lower(substring(r.address from '@[^@]*$')))) as given (party)
  where r.message_id = m.id and party is not null)
where state = 'held';

-- Names what is listed without reading the rows, which carry sealed judgements.
create index message_held_list on message (id) include (sender, received_at, hold_until) where state = 'held';
create index message_held_by_lift on message (coalesce(hold_until, 'infinity'::timestamptz), id) where state = 'held';
create index message_held_by_detector on message using gin (detectors) where state = 'held';
create index message_held_by_party on message using gin (parties) where state = 'held';

-- Who may not have a message is left out of its delivery: `withheld`. More ways to decide, and the first of two people.
alter table message_recipient drop constraint message_recipient_state_check,
  add constraint message_recipient_state_check check (state in ('due', 'delivered', 'failed', 'withheld'));
alter table decision drop constraint decision_action_check,
  add constraint decision_action_check check (action in (
    'release', 'reject', 'release-at-lift', 'release-eligible', 'ask', 'false-alarm',
    'propose-release', 'propose-release-at-lift', 'propose-release-eligible'));
create index decision_newest on decision (decided_at);

create or replace function guard_message() returns trigger language plpgsql as $$
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
    'delivering>scanning', 'delivering>delivered', 'delivering>returned') then
    raise exception 'message % cannot go from % to %', new.id, old.state, new.state using errcode = 'check_violation';
  end if;
  -- A proposal is no release: the second person's decision is.
  if new.state = 'released' and not exists (
    select from decision where message_id = new.id and action in ('release', 'release-at-lift', 'release-eligible')) then
    raise exception 'message % has no release', new.id using errcode = 'check_violation';
  end if;
  if new.state = 'delivering' and (old.judged_in is null or old.judged_in = pg_current_xact_id()) then
    raise exception 'message % has no committed verdict', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- Findings that two people took for false alarms: where, until when, and what exactly (a keyed digest of the passage).
create table false_alarm (
  id text primary key,
  message_id text not null,
  detector text not null,
  rule text not null,
  -- Null: findings that name no entry. With any_entry: whatever release or dataset it is.
  entry text,
  any_entry boolean not null default false,
  -- An address, or `*@organisation`.
  sender text not null,
  passage text not null,
  reason text not null,
  proposed_by text not null,
  proposed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  ended_by text,
  ended_at timestamptz,
  check (approved_by is distinct from proposed_by),
  check ((approved_by is null) = (approved_at is null)),
  check ((ended_by is null) = (ended_at is null))
);
-- What is judged by false alarms is judged by registers of a new version.
create trigger registers_changed after update on false_alarm
  for each statement execute function registers_changed();

-- Reports of breaches, from a message that left or from what somebody told; what people wrote is sealed.
create table incident (
  id text primary key,
  message_id text,
  opened_by text not null,
  opened_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  key_id text not null,
  wrapped_key bytea not null,
  sealed bytea not null
);
create table incident_confirmation (
  incident_id text not null references incident on delete cascade,
  recipient text not null,
  confirmed_at timestamptz not null default now(),
  confirmed_by text not null,
  note text not null default '',
  primary key (incident_id, recipient)
);
