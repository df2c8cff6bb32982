-- Second factors, lasting lockout, sessions that idle out, tokens that expire, and register changes that wait for a second person.

-- A person of an identity provider has no password here.
alter table app_user alter column password_hash drop not null;
alter table app_user
  add column external_subject text unique,
  -- A password that somebody else has seen opens nothing but the page that changes it.
  add column must_change_password boolean not null default false,
  add column failures integer not null default 0,
  add column locked_until timestamptz,
  -- Sealed by the key that totp_key names; `pending` until its first code was right.
  add column totp_secret bytea,
  add column totp_key text,
  add column totp_pending boolean not null default false,
  -- The time step of the last code taken: none is taken twice (RFC 6238, section 5.2).
  add column totp_last_step bigint,
  add column last_signed_in_at timestamptz;

create table recovery_code (
  user_id text not null references app_user on delete cascade,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);

-- A sign-in that is not finished: a code or a new password is wanted, or an identity provider is to answer.
create table sign_in_step (
  key_hash bytea primary key,
  stage text not null check (stage in ('code', 'new-password', 'provider')),
  user_id text references app_user on delete cascade,
  failures integer not null default 0,
  -- For `provider` alone: its verifier, nonce and state, sealed.
  detail bytea,
  detail_key text,
  expires_at timestamptz not null
);
create index sign_in_step_by_expiry on sign_in_step (expires_at);

alter table session
  add column id uuid not null default gen_random_uuid() unique,
  add column last_seen_at timestamptz not null default now(),
  add column client text;
create index session_of_user on session (user_id);

alter table api_token
  add column expires_at timestamptz,
  add column is_read_only boolean not null default false,
  add column created_by text references app_user on delete cascade,
  add column last_used_at timestamptz;
create index api_token_of_user on api_token (created_by);

create table register_change (
  id text primary key,
  register text not null check (register in ('embargo', 'sensitivity')),
  entry text not null,
  -- Null: the entry is to go.
  document jsonb,
  sketch bytea,
  -- What the entry was when the change was written; null where there was none. Approving another state than the one looked at is refused.
  base jsonb,
  proposed_by text not null,
  proposed_at timestamptz not null default now(),
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'rejected', 'withdrawn')),
  decided_by text,
  decided_at timestamptz,
  note text not null default '',
  check (state in ('waiting', 'withdrawn') or decided_by <> proposed_by),
  check (document is null or not jsonb_path_exists(document, '$.figures[*].value'))
);
-- One change of an entry waits at a time.
create unique index register_change_waiting on register_change (register, entry) where state = 'waiting';
