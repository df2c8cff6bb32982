-- How often everything stopped while a message was being scanned: that is seldom the message's fault, and not counted as its attempt.

alter table message add column restarts int not null default 0;
