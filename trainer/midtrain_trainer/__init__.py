"""The tensor worker of the torch executor: verbs of the Executor contract, no policy.

It never decides what to read, when to evaluate or what to keep; the run controller does.
"""
