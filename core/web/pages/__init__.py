"""The pages of the frame: the way in, the desk, and what administrators look after."""
