#!/bin/sh
# Writes the configuration of docs/operating.md for this container's names, and runs Postfix in the foreground.
set -eu
: "${HOLDFAST_GATEWAY:?is not set, host:port of the Holdfast gateway}"
: "${HOLDFAST_WORKERS_NETWORK:?is not set, the network that mail comes back from}"
: "${MAIL_HOSTNAME:?is not set, the name that this server greets with}"
host=${HOLDFAST_GATEWAY%:*} port=${HOLDFAST_GATEWAY##*:}
[ -e /etc/postfix/main.cf ] || : > /etc/postfix/main.cf
[ -e /etc/postfix/master.cf ] || cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
postconf -e \
  "myhostname = $MAIL_HOSTNAME" 'mydestination =' "mynetworks = ${MAIL_CLIENTS:-127.0.0.0/8}" \
  'smtpd_relay_restrictions = permit_mynetworks, reject' 'maillog_file = /dev/stdout' 'compatibility_level = 3.6' \
  "content_filter = holdfast:[$host]:$port" 'holdfast_destination_recipient_limit = 1000' \
  'message_size_limit = 157286400' 'local_header_rewrite_clients =' 'smtp_tls_security_level = may'
postconf -M \
  'holdfast/unix=holdfast unix - - n - 20 smtp -o smtp_send_xforward_command=yes -o disable_mime_output_conversion=yes -o smtp_data_done_timeout=1200s -o smtp_tls_security_level=none' \
  "10026/inet=10026 inet n - n - - smtpd -o content_filter= -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks,no_milters -o mynetworks=$HOLDFAST_WORKERS_NETWORK -o smtpd_client_restrictions=permit_mynetworks,reject -o smtpd_authorized_xforward_hosts=$HOLDFAST_WORKERS_NETWORK"
postfix check
exec postfix start-fg
