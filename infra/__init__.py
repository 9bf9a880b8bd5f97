"""The stack on AWS: its template, and the commands that deploy, attach, check and price it."""
