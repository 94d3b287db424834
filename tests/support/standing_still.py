"""A program that puts out nothing whole and does not end."""

import sys
import time

sys.stdin.buffer.read()
sys.stdout.write('{"pages": 1}\n{"width"')
sys.stdout.flush()
time.sleep(600)
