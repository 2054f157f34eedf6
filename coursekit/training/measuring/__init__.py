"""What a trained model gets right, what it is made of, and how long it takes."""
