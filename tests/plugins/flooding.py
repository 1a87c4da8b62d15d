"""An external backend that writes more than it may, to both outputs and without reading its input."""
import os

line = b"x" * 65536
try:
    for _ in range(64):
        os.write(2, line)
    while True:
        os.write(1, line)
except BrokenPipeError:
    pass
