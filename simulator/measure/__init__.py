"""From raw tallies and logs to measures: recovery, loss, continuity, replication, requests, names."""
