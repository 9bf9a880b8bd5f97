"""What tests of several rooms share: log lines, the sample site, its numbers, fakes at the wire."""
