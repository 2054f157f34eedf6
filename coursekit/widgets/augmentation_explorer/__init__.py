"""Change a picture by sliders, and see what a trained network takes it for."""
