# Actions in time.
