-- Mail that nobody has looked at yet is taken many at once, in an order that is fair to its senders: by when it would have been
-- its sender's turn. Most of the time that is when it came in.

alter table message add column queue_at timestamptz not null default now();
create index message_to_take on message (queue_at, id) where state = 'received' and scan_attempts = 0;
