-- An answer is judged with the mails that it answers, which it names by their Message-ID.
create index message_by_message_id on message (message_id) where message_id is not null;
