"""The softmax explorer."""
