-- What a mail is compared with its siblings by, sealed: names and kinds of attachments, no content.

alter table message add column sibling bytea;
alter table message alter column sibling set storage external;
create index message_with_siblings on message (sender, id) where sibling is not null;
