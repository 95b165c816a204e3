"""Sends a reminder for each overdue invoice. The invoices come as JSON on stdin; what became of each goes to stdout.

SMTP_HOST, SMTP_PORT, SMTP_SECURE, SMTP_USER and SMTP_PASS tell of the mail server.
"""

import json
import os
import smtplib
import ssl
import sys
from email.message import EmailMessage

SENDER = "billing@example.com"
TIMEOUT = 10


def connect() -> smtplib.SMTP:
    """Connects under TLS that is verified, or not at all."""
    host, port = os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"])
    context = ssl.create_default_context()
    if os.environ.get("SMTP_SECURE") == "true":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        server.starttls(context=context)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def reminder(invoice: dict[str, str]) -> EmailMessage:
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = invoice["email"]
    message["Subject"] = f"Invoice {invoice['number']} is overdue"
    message.set_content(f"Dear {invoice['name']},\n\nplease pay {invoice['amount']} for invoice {invoice['number']}.\n")
    return message


def remind(server: smtplib.SMTP, invoice: dict[str, str]) -> bool:
    try:
        server.send_message(reminder(invoice))
    except smtplib.SMTPRecipientsRefused as refusal:
        code, text = refusal.recipients[invoice["email"]]
        print(f"{invoice['number']} refused: {code} {text.decode()}")
        return False
    print(f"{invoice['number']} sent")
    return True


def main() -> int:
    invoices = json.load(sys.stdin)
    try:
        with connect() as server:
            if "SMTP_USER" in os.environ:
                server.login(os.environ["SMTP_USER"], os.environ["SMTP_PASS"])
            outcomes = [remind(server, invoice) for invoice in invoices]
    except (OSError, smtplib.SMTPException) as error:
        print(f"No more reminders could be sent: {error}", file=sys.stderr)
        return 1
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
