"""A digit that is drawn: the live answer, what each layer sees, and what the answer rests on."""
