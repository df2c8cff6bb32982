-- Append-only and chained: each row's hash covers the row and the hash before it, with a key that is not in the database.

create table audit_log (
  seq bigint primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  target text,
  detail jsonb not null,
  hash bytea not null
);
create index audit_log_of_target on audit_log (target);

create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash bytea not null
);
insert into audit_head (seq, hash) values (0, '\x');

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
create trigger append_only before delete or truncate on audit_head
  for each statement execute function refuse_change();
