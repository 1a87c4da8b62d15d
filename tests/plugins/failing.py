"""An external backend that ends with status 3."""
import sys

sys.stderr.write("reading\n\x1b[31mno template\x1b[0m found\n")
sys.exit(3)
