-- When the sender was told that a message is delayed: once, however often it is tried.

alter table message add column delay_told_at timestamptz;
