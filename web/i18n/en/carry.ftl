# Links, saving, embedding, offline.
