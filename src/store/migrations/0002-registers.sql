-- The registers that the services judge by, as their files write them. Figures are sealed before they get here.

create table register_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null
);
insert into register_version (version) values (0);

create table embargo_entry (
  id text primary key,
  document jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  -- A figure in the clear never gets in, whatever the program does.
  check (not jsonb_path_exists(document, '$.figures[*].value'))
);

create table sensitivity_entry (
  id text primary key,
  document jsonb not null,
  sketch bytea,
  updated_at timestamptz not null default now(),
  updated_by text not null
);

create function registers_changed() returns trigger language plpgsql as $$
begin
  update register_version set version = version + 1;
  return null;
end $$;
create trigger registers_changed after insert or update or delete or truncate on embargo_entry
  for each statement execute function registers_changed();
create trigger registers_changed after insert or update or delete or truncate on sensitivity_entry
  for each statement execute function registers_changed();
