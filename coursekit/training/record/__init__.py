"""What a run leaves: its history, pictures, claims, and how far it has come."""
