"""Nothing lost: checkpoints, going on bit for bit, interruptions."""
