-- When a message came to its end, so that its content can be deleted once it has served.

alter table message add column ended_at timestamptz;

create function note_end() returns trigger language plpgsql as $$
begin
  new.ended_at := case
    when new.state in ('delivered', 'returned', 'rejected', 'expired') then coalesce(old.ended_at, now())
    when new.kind <> 'email' and new.state in ('cleared', 'released') then coalesce(old.ended_at, now())
  end;
  return new;
end $$;
create trigger note_end before update of state on message for each row execute function note_end();

create index message_with_old_content on message (ended_at) where ended_at is not null and content_purged_at is null;
create index message_held_since on message (judged_at) where state = 'held';
