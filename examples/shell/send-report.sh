#!/bin/sh
# Mails a report by curl, under TLS that is verified: send-report.sh <file> <recipient>…
# SMTP_URL tells of the mail server, SMTP_USER and SMTP_PASS of the login, if there is one. Each recipient gets a mail of its own:
# what becomes of one is told in a line, and the exit status is 1 unless all were sent.
set -eu

sender='reports@example.com'

# In the syntax of curl's configuration: a command line would show it to everybody on the machine.
login() {
  [ -n "${SMTP_USER-}" ] || return 0
  printf 'user = "%s"\n' "$(printf '%s' "$SMTP_USER:$SMTP_PASS" | sed 's/["\\]/\\&/g')"
}

message() {
  printf 'From: %s\nTo: %s\nSubject: Report %s\n\n' "$sender" "$2" "$(basename "$1")"
  cat "$1"
}

send() {
  file=$(mktemp)
  message "$1" "$2" > "$file"
  status=0
  login | curl --config - --silent --show-error --max-time 20 --ssl-reqd --crlf \
    --url "$SMTP_URL" --mail-from "$sender" --mail-rcpt "$2" --upload-file "$file" 2>&1 || status=$?
  rm -f "$file"
  return "$status"
}

report=$1
shift
failed=0
for recipient; do
  if reason=$(send "$report" "$recipient"); then
    echo "$recipient: sent"
  else
    # More lines would only say where to read about it.
    echo "$recipient: not sent: $(echo "$reason" | head -n 1)"
    failed=1
  fi
done
exit "$failed"
