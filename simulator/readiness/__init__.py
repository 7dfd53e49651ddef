"""What each standby holds and lacks, what it could take, and what is single: by arithmetic, without a run."""
