"""What a disaster-recovery test says: on the terminal, for a manager, for an auditor, and for programs."""
