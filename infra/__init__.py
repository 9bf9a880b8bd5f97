"""The stack on AWS: its template, and the verbs that deploy, attach, check and price it."""
