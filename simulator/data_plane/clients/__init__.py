"""Users' side: sessions, their tries, names, connections."""
