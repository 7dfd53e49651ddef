"""What a run takes of the processor, of whatever version of the simulator is found first.

`python benchmarks/probe.py FILE`, with PYTHONPATH naming the version: it uses nothing of this package, and
of the simulator what all versions have. The run before the one that is measured loads the kernels.
"""

import json
import sys
import time


def main(file: str) -> None:
    """Print the requests of a run, and its processor seconds, as JSON; exit 2 if the file cannot be read."""
    import simulator

    try:
        loaded = simulator.load(file)
    except simulator.SpecError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    simulator.run(loaded, seed=2)
    started = time.process_time()
    result = simulator.run(loaded, seed=1)
    seconds = time.process_time() - started
    attempts = json.loads(result.to_json())["requests"]["attempts"]
    print(json.dumps({"seconds": seconds, "requests": attempts["started"]}))


if __name__ == "__main__":
    main(sys.argv[1])
