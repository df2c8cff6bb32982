-- A cleared mail of a batch waits until the batch is whole: another may show that its attachment is the odd one.

alter table message
  add column batch_wait_since timestamptz,
  -- Mails of the batch that were there when it was last looked at.
  add column batch_seen int;
create index message_in_batch_wait on message (next_attempt_at) where batch_wait_since is not null;
create index message_unjudged_of_sender on message (sender, id) where verdict is null;
