"""The sandbox as the trusted side sees it: made, started, bounded, asked and ended."""
