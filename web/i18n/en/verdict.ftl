# Verdict, causes, cures.
