create table app_user (
  id text primary key,
  name text not null unique,
  password_hash text not null,
  -- Address that pre-release access is looked up by.
  address text,
  roles text[] not null,
  is_disabled boolean not null default false,
  created_at timestamptz not null default now()
);

create table api_token (
  id text primary key,
  name text not null,
  token_hash bytea not null unique,
  address text,
  roles text[] not null,
  is_revoked boolean not null default false,
  created_at timestamptz not null default now()
);

create table session (
  key_hash bytea primary key,
  user_id text not null references app_user on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_by_expiry on session (expires_at);
