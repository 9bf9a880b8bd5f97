"""What the command lines of infra/, provisioning/push/, local/ and bench/ share.

    command    how a command ends: an exit status and, when it could not, a sentence
    console    what is printed and asked: tables, progress, yes or no
    errors     what the user can put right
    aws        sessions, clients, and what AWS's errors mean
    stack      a deployed stack, read from its outputs

It knows nothing of the rooms that use it.
"""
