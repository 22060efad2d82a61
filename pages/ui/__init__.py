"""What only the screens need: the frame, the parts of the look, charts, live progress."""
