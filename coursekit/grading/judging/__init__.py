"""What is asked, what is right, and what comes of the replies."""
