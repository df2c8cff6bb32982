-- The name of a false alarm's rule tells what a held mail says: the database has its keyed digest in `rule`, and the name sealed by
-- the key that rule_key names. What was proposed before, with its name in the clear, ends here: what it let go is held again.

alter table false_alarm
  add column rule_name bytea,
  add column rule_key text;
update false_alarm set rule = '', ended_by = coalesce(ended_by, 'holdfast'), ended_at = coalesce(ended_at, now());
alter table false_alarm
  add check (ended_at is not null or rule_name is not null),
  add check ((rule_name is null) = (rule_key is null));

-- Of which version of the registers a message is judged again: a process that has an older one yet leaves it alone.
alter table message add column judge_again_version bigint;

-- A canary is nobody's message.
drop trigger tell_of_message on message;
create trigger tell_of_message after update of state on message for each row
  when (new.state is distinct from old.state
    and new.state in ('cleared', 'held', 'released', 'rejected', 'expired', 'delivered', 'returned')
    and not new.transport @> '{"isCanary": true}')
  execute function tell_of_message();
