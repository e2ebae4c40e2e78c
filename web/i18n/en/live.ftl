# Long runs.
