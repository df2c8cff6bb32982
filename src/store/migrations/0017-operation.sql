-- Which processes work on this database and which keys they have, so that a new key is written with only once all of them can read it.

create table running_process (
  id text primary key,
  host text not null,
  pid int not null,
  role text not null,
  version text not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- The process's own clock when it was seen.
  clock_at timestamptz not null,
  -- Ids of the keys that it reads with, and of the one that it writes with.
  keys text[] not null,
  current_key text not null
);

-- Where the audit log begins once its oldest rows have served their term; what stands here is bound to the chain by `proof`.
create table audit_base (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash bytea not null,
  proof bytea not null
);

-- Rows go from the front alone, and only as far as the base says; nothing else changes.
create function refuse_delete_past_base() returns trigger language plpgsql as $$
begin
  if old.seq > coalesce((select seq from audit_base), 0) then
    raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
  end if;
  return old;
end $$;
drop trigger append_only on audit_log;
create trigger append_only before update or truncate on audit_log
  for each statement execute function refuse_change();
create trigger append_only_past_base before delete on audit_log
  for each row execute function refuse_delete_past_base();
create trigger append_only before truncate on audit_base
  for each statement execute function refuse_change();
create index audit_log_by_age on audit_log (at);
create index message_ended on message (ended_at) where ended_at is not null;
