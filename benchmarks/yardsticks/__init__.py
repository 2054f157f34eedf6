"""Ways of training the same network: each as its own project documents it, and coursekit's `fit`.

Every function takes a `Setup` and returns a function that trains one epoch on its images, with
Adam at 1e-3 and batches of 128, and returns the seconds of that epoch without what comes before
and after it.
"""
