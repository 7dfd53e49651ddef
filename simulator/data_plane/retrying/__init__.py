"""How a caller tries again and holds back; of users' clients and of services alike."""
