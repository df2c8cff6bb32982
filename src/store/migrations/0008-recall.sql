-- What left is traced (names and keyed digests, sealed), so that an entry registered later can tell who was sent it.

create table message_trace (
  message_id text collate "C" primary key references message on delete cascade,
  kept_at timestamptz not null default now(),
  sealed bytea not null
);
alter table message_trace alter column sealed set storage external;
create index message_trace_by_age on message_trace (kept_at);

-- Entries whose traces are to be gone through, and what came of it.
create table retro_scan (
  entry text primary key,
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  scanned_at timestamptz,
  traced int not null default 0,
  found int not null default 0
);
create index retro_scan_due on retro_scan (due_at) where scanned_at is null;

-- Mails that carried what an entry protects and were delivered before it was registered.
create table recall (
  entry text not null,
  message_id text collate "C" not null references message on delete cascade,
  recognised_by text not null check (recognised_by in ('rows', 'columns', 'passages')),
  found_at timestamptz not null default now(),
  primary key (entry, message_id)
);

-- Recipients who say that they deleted it.
create table recall_confirmation (
  entry text not null,
  message_id text collate "C" not null,
  position int not null,
  confirmed_at timestamptz not null default now(),
  confirmed_by text not null,
  note text not null default '',
  primary key (entry, message_id, position),
  foreign key (entry, message_id) references recall on delete cascade
);
