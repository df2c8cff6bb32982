-- What every message costs at each step of its way, and need not.

-- The look for a decision stands in a branch of its own: an expression with a query in it is planned anew
-- each time it is looked at, four times a message.
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
  if new.state = 'released' then
    if not exists (
      select from decision where message_id = new.id and action in ('release', 'release-at-lift', 'release-eligible')) then
      raise exception 'message % has no release', new.id using errcode = 'check_violation';
    end if;
  end if;
  if new.state = 'delivering' and (old.judged_in is null or old.judged_in = pg_current_xact_id()) then
    raise exception 'message % has no committed verdict', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- Most have no webhook, and then there is nothing to put together.
create or replace function tell_of_message() returns trigger language plpgsql as $$
begin
  if not exists (select from webhook where ended_at is null) then return null; end if;
  insert into webhook_event (webhook_id, event, detail)
  select w.id, 'message.' || new.state, jsonb_build_object('message', jsonb_build_object('id', new.id, 'kind', new.kind,
    'state', new.state, 'verdict', new.verdict,
    'holdUntil', to_char(new.hold_until at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
  from webhook w where w.ended_at is null and 'message.' || new.state = any(w.events);
  return null;
end $$;

-- A small mail stays in one row instead of four, and goes as one.
alter table message_content set (toast_tuple_target = 8160);
