"""An external backend that says far more on standard error than a pipe holds, before and after its answer."""
import sys

sys.stderr.write("noise\n" * 100_000)
sys.stdout.write('{"files": [{"name": "a.txt", "text": "' + "a" * 300_000 + '"}]}')
sys.stdout.flush()
sys.stderr.write("noise\n" * 100_000)
