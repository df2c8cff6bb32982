-- A conversation of an MTA with Holdfast's milter, by miltertest (Debian: miltertest).
--   miltertest -D port=2526 -s test/milter/conversation.lua

local function need(what, is_so)
  if not is_so then error(what) end
end

local function dial()
  local conn = mt.connect("inet:" .. port .. "@127.0.0.1", 20, 0.1)
  need("no connection", conn ~= nil)
  need("connect was refused", mt.conninfo(conn, "client.example", "192.0.2.1") == nil)
  return conn
end

local function send(conn, text)
  mt.macro(conn, SMFIC_MAIL, "i", "4XyZ", "{auth_authen}", "someone")
  need("MAIL", mt.mailfrom(conn, "<a@department.example>", "SIZE=100") == nil)
  need("RCPT", mt.rcptto(conn, "<b@network.example>") == nil)
  need("second RCPT", mt.rcptto(conn, "<c@network.example>", "NOTIFY=NEVER") == nil)
  need("DATA", mt.data(conn) == nil)
  need("From", mt.header(conn, "From", "a@department.example") == nil)
  need("Subject", mt.header(conn, "Subject", "folded\n\tline") == nil)
  need("end of headers", mt.eoh(conn) == nil)
  need("body", mt.bodystring(conn, text .. "\r\n") == nil)
  need("end", mt.eom(conn) == nil)
end

local function converse()
  local conn = dial()
  need("negotiates to quarantine", mt.test_action(conn, SMFIF_QUARANTINE))
  need("asks to change nothing", not mt.test_action(conn, SMFIF_CHGBODY) and not mt.test_action(conn, SMFIF_ADDHDRS))
  need("wants no answers to be waited for", mt.test_option(conn, SMFIP_NR_BODY) and mt.test_option(conn, SMFIP_NR_RCPT))

  send(conn, "The meeting is at ten.")
  need("a clean mail goes on", mt.getreply(conn) == SMFIR_CONTINUE)
  need("and is not changed", not mt.eom_check(conn, MT_HDRADD) and not mt.eom_check(conn, MT_BODYCHANGE))

  send(conn, "REJECT")
  need("a held mail is answered", mt.getreply(conn) == SMFIR_REPLYCODE)
  need("with its reason", mt.eom_check(conn, MT_SMTPREPLY, "550", "5.7.1", "held: says 100%% too much"))

  send(conn, "QUARANTINE")
  need("or is quarantined", mt.eom_check(conn, MT_QUARANTINE, "held: needs a review"))
  need("and goes on", mt.getreply(conn) == SMFIR_CONTINUE)

  send(conn, "BROKEN")
  need("what cannot be judged is put off", mt.eom_check(conn, MT_SMTPREPLY, "451", "4.3.0", "cannot judge mail now, try again later"))

  send(conn, "SLOW")
  need("progress, then the answer", mt.getreply(conn) == SMFIR_CONTINUE)

  need("MAIL that is given up", mt.mailfrom(conn, "<a@department.example>") == nil)
  need("abort", mt.abort(conn) == nil)
  send(conn, "REJECT")
  need("after an abort too", mt.getreply(conn) == SMFIR_REPLYCODE)
  mt.disconnect(conn)

  local large = dial()
  need("MAIL", mt.mailfrom(large, "<a@department.example>") == nil)
  need("RCPT", mt.rcptto(large, "<b@network.example>") == nil)
  need("Subject", mt.header(large, "Subject", "large") == nil)
  need("end of headers", mt.eoh(large) == nil)
  need("3 MB", mt.bodyrandom(large, 3000000) == nil)
  need("end", mt.eom(large) == nil)
  need("a large mail goes on", mt.getreply(large) == SMFIR_CONTINUE)
  mt.disconnect(large, false)

  local old = mt.connect("inet:" .. port .. "@127.0.0.1")
  need("version 2, no steps left out", mt.negotiate(old, 2, 15, 127) == nil)
  need("host", mt.conninfo(old, "client.example", "unspec") == nil)
  need("answers the connection", mt.getreply(old) == SMFIR_CONTINUE)
  need("HELO", mt.helo(old, "client.example") == nil)
  need("answers HELO", mt.getreply(old) == SMFIR_CONTINUE)
  send(old, "REJECT")
  need("and the end", mt.getreply(old) == SMFIR_REPLYCODE)
  mt.disconnect(old)
end

-- miltertest ends with 1 at an error, and does not say which.
local is_right, why = pcall(converse)
mt.echo(is_right and "all answers were as they should be" or why)
