-- A message whose 250 may never have reached its client is known again when the client sends it once more.

-- How far each gateway surely answered: ids below this.
create table gateway_mark (
  gateway text primary key,
  sure_below text collate "C" not null,
  seen_at timestamptz not null default now()
);

-- Digests of envelope and content, keyed. `id`: the message that was committed; null: it may have been, with an id between these.
create table unsure_arrival (
  digest text primary key,
  id text collate "C",
  from_id text collate "C" not null,
  until_id text collate "C" not null,
  noted_at timestamptz not null default now()
);
create index unsure_arrival_by_time on unsure_arrival (noted_at);
