"""What holds for all tests."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # begun in the background by a shell: programs that tests start and interrupt would have it ignored, too
    signal.signal(signal.SIGINT, signal.default_int_handler)
