-- Places outside our own pages from which drafts are checked, and what people are told by e-mail.

create table check_point (
  id text primary key,
  kind text not null check (kind in ('embed', 'slack', 'teams', 'signed')),
  name text not null,
  -- Whose drafts they are judged as.
  author text not null,
  -- For `embed`: the sites that may show it.
  origins text[] not null default '{}',
  token_hash bytea unique,
  -- For the chats: what their calls are signed with, sealed by the key that secret_key names.
  secret bytea,
  secret_key text,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  is_revoked boolean not null default false,
  check ((kind = 'embed') = (token_hash is not null)),
  check ((kind = 'embed') = (secret is null)),
  check ((secret is null) = (secret_key is null))
);

-- Signatures taken within their window: none is taken twice.
create table check_point_seen (
  point text not null references check_point on delete cascade,
  signature bytea not null,
  seen_at timestamptz not null default now(),
  primary key (point, signature)
);
create index check_point_seen_by_age on check_point_seen (seen_at);

create table notice_wish (
  user_id text primary key references app_user on delete cascade,
  -- For reviewers: as things come, at most every ten minutes; once a day; not at all.
  reviewing text not null default 'soon' check (reviewing in ('soon', 'daily', 'off')),
  -- What becomes of one's own drafts and mails.
  own boolean not null default true
);

-- What people are to be told of, written with the change itself; ids and states alone.
create table notice_due (
  message_id text collate "C" not null references message on delete cascade,
  what text not null check (what in ('held', 'released', 'rejected', 'expired')),
  noted_at timestamptz not null default now(),
  sender_told boolean not null default false,
  reviewers_told boolean not null default false,
  primary key (message_id, what)
);
create index notice_due_to_tell on notice_due (noted_at) where not sender_told or not reviewers_told;

-- The one row that paces what reviewers get.
create table notice_pace (
  only_row boolean primary key default true check (only_row),
  reviewers_at timestamptz,
  digest_day date
);
insert into notice_pace default values;

create function note_for_notices() returns trigger language plpgsql as $$
begin
  -- A notice is never noticed: nothing that Holdfast says by mail makes it say more.
  if new.submitted_by is distinct from 'holdfast:notice' then
    insert into notice_due (message_id, what, reviewers_told) values (new.id, new.state, new.state <> 'held')
      on conflict do nothing;
  end if;
  return null;
end $$;
create trigger note_for_notices after update of state on message
  for each row when (new.state <> old.state and new.state in ('held', 'released', 'rejected', 'expired'))
  execute function note_for_notices();
