"""What the command lines of infra/, provisioning/push/, local/ and bench/ share.

    command    runs a command: its exit status, and one sentence when it fails
    console    prints and asks: tables, progress, yes or no
    errors     the errors that the user can put right
    aws        sessions, clients, and what AWS's errors mean
    stack      a deployed stack, read from its outputs

It knows nothing of the rooms that use it.
"""
