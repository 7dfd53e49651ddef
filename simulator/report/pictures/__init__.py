"""The pictures of a run, one a file; `album` lists them.

Drawn with matplotlib's figures, without global state. Nothing is written over a curve: legends and labels
stand above or beside the axes. Colours are Okabe and Ito's, which colour-blind readers tell apart; vermilion
is kept for faults. Lines that may lie on one another also differ in their dashes.
"""

PICTURE_FILES = ("service.png", "replication.png", "dns.png", "recovery.png", "damage.png", "metrics.png")
"""The files of pictures that a report may have; `album` has what draws them."""
