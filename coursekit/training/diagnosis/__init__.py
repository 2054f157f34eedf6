"""What is wrong with a set-up, said before an epoch is wasted; how to find a learning rate."""
